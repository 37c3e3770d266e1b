import { expect, test } from '@jest/globals'
import { createHidden } from './hidden.ts'

test('every form that is known is taken out, the longest first, and those that come later too', () => {
  const hidden = createHidden()
  hidden.add(['sesame', 'sesame-open', 'a+b(c)*', 'short', 'x\n\\y[^z]-$'])
  expect(hidden.clean('sesame-open sesame a+b(c)* short')).toBe('*** *** *** short')
  expect(hidden.clean('x\n\\y[^z]-$!')).toBe('***!')
  hidden.add(['later-one'])
  expect(hidden.clean('later-one')).toBe('***')
})

test('thousands of forms are taken out too', () => {
  const hidden = createHidden()
  hidden.add(Array.from({ length: 2000 }, (_, index) => `secret-${index}.`))
  expect(hidden.clean('secret-7. and secret-1999.')).toBe('*** and ***')
  expect(createHidden().clean('nothing is known')).toBe('nothing is known')
})
