/** Whether an answer is as documented. `unchecked`: nothing is known to be wrong, and `because` names what was not checked. */
export type Agreement =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'differs'; readonly because: string }
  | { readonly kind: 'unchecked'; readonly because: string }

export const agrees: Agreement = { kind: 'agrees' }
export const differs = (because: string): Agreement => ({ kind: 'differs', because })
export const unchecked = (because: string): Agreement => ({ kind: 'unchecked', because })

export const deadReference = (reference: string): Agreement =>
  unchecked(`the reference ${JSON.stringify(reference)} leads out of the document, or to nothing`)

/** What differs goes before what is unchecked. */
export function worst(all: readonly Agreement[]): Agreement {
  return all.find(({ kind }) => kind === 'differs') ?? all.find(({ kind }) => kind === 'unchecked') ?? agrees
}
