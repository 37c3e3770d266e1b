import { type Board, boardOf } from './dashboards/board.ts'

export interface PanelQueries {
  readonly board: string
  readonly title: string
  readonly description: string
  readonly source: 'prometheus' | 'loki'
  /** With the variables of the dashboard in them. */
  readonly queries: readonly string[]
}

interface RawPanel {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly datasource?: { readonly type?: string }
  readonly targets?: readonly { readonly expr?: string }[]
}

/** What the dashboard asks, as it is in its JSON. */
export function panelsOf(board: Board): readonly PanelQueries[] {
  const { panels = [] } = boardOf(board) as { readonly panels?: readonly RawPanel[] }
  return panels
    .filter(({ type }) => type !== 'row')
    .map(({ title = '', description = '', datasource, targets = [] }) => ({
      board: board.name,
      title,
      description,
      source: datasource?.type === 'loki' ? 'loki' : 'prometheus',
      queries: targets.map(({ expr = '' }) => expr),
    }))
}

/** The query as Grafana sends it: `$name` is replaced by the value of the variable. */
export const filled = (query: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), query)
