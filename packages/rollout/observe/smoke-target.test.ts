import { describe, expect, test } from '@jest/globals'
import { portOf, schemeOf } from './smoke-target.ts'

const http = { port: 80, name: 'http' }
const admin = { port: 9090, name: 'admin' }

describe('the port for API tests', () => {
  test.each([
    ['the one that the route names by its number', [http, admin], ['9090'], admin],
    ['the one that the route names by its name', [http, admin], ['admin'], admin],
    ['the only one', [admin], [], admin],
    ['the one with the usual name', [admin, http], [], http],
    ['the one with the usual name among those that routes name', [admin, http], ['80', '9090'], http],
  ])('is %s', (_name, ports, routed, expected) => {
    expect(portOf(ports, routed, 'Service web')).toBe(expected)
  })

  test.each([
    ['no port', [], 'the Service web has no port'],
    ['none of that name', [admin, { port: 1 }], 'the ports 9090, 1, and none of them is named http'],
  ])('is refused with %s', (_name, ports, because) => {
    expect(portOf(ports, [], 'Service web')).toContain(because)
  })

  test.each([
    [{ port: 443 }, 'https'],
    [{ port: 8443, name: 'https' }, 'https'],
    [{ port: 8443, appProtocol: 'HTTPS' }, 'https'],
    [{ port: 80, appProtocol: 'http' }, 'http'],
  ])('%j speaks %s', (port, scheme) => {
    expect(schemeOf(port)).toBe(scheme)
  })
})
