import { describe, expect, test } from '@jest/globals'
import { formatSynthetic, parseSynthetic } from './parse-synthetic.ts'

describe('parseSynthetic', () => {
  test.each(['', '  \n ', 'off'])('%j sends nothing', (raw) => {
    expect(parseSynthetic(raw)).toBeNull()
  })

  test('each line is a rate and an address', () => {
    const synthetic = parseSynthetic(
      '5/s https://shop.example/health\n\n  0.5/s  http://shop.example/cart?a=1\n',
    )
    expect(synthetic).toEqual([
      { rate: 5, url: 'https://shop.example/health' },
      { rate: 0.5, url: 'http://shop.example/cart?a=1' },
    ])
  })

  test('auto leaves the rate to what a proof needs', () => {
    expect(parseSynthetic('auto https://shop.example')).toEqual([
      { rate: null, url: 'https://shop.example/' },
    ])
  })

  test('streams read as they were written', () => {
    const streams = [
      { rate: 5, url: 'https://shop.example/health' },
      { rate: 0.5, url: 'http://shop.example/cart?a=1' },
    ]
    expect(formatSynthetic(streams)).toBe(
      '5/s https://shop.example/health, 0.5/s http://shop.example/cart?a=1',
    )
  })

  test.each([
    [
      '5 https://a.example/',
      'got "5 https://a.example/", expected off, or a rate (or auto) and an address such as 5/s',
    ],
    ['https://a.example/', 'expected off, or a rate (or auto) and an address'],
    ['off\n5/s https://a.example/', 'got "off", expected off, or a rate'],
    ['0/s https://a.example/', 'got 0/s, expected from 0.1/s to 100/s'],
    ['101/s https://a.example/', 'got 101/s, expected from 0.1/s to 100/s'],
    ['60/s https://a.example/\n40.5/s https://b.example/', 'got 100.5/s in all, expected at most 100/s'],
    ['5/s /health', 'got "/health", expected an address with https:// or http://'],
    ['5/s ftp://a.example/', 'expected an address with https:// or http://'],
    ['5/s https://', 'expected an address with https:// or http://'],
    ['5/s https://me:secret@a.example/', 'got an address of a.example with credentials'],
    ['5/s https://a.example/#top', 'expected no #'],
    ['5/s https://a.example/\n1/s https://a.example', 'got https://a.example/ twice'],
  ])('%j is refused by name', (raw, why) => {
    expect(() => parseSynthetic(raw)).toThrow(why)
  })

  test('a password never gets into the message', () => {
    expect(() => parseSynthetic('5/s https://me:secret@a.example/')).not.toThrow('secret')
  })
})
