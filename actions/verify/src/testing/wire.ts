import type { Http, Reply } from '@alt-las/api-tests'
import type { Handshake, Tls } from '../security/transport/tls.ts'

export function reply(overrides: Partial<Reply> = {}): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}', ms: 5, ...overrides }
}

export function fakeHttp(answer: (path: string, baseUrl: URL) => Reply | Promise<Reply>): Http {
  return { send: async (baseUrl, request) => answer(request.path, baseUrl) }
}

export const goodHandshake: Handshake = {
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  chainProblem: null,
  nameProblem: null,
  validTo: Date.UTC(2026, 5, 1),
}

export const goodTls: Tls = {
  handshake: () => Promise.resolve(goodHandshake),
  accepts: () => Promise.resolve(false),
  chooses: () => Promise.resolve(null),
  connects: () => Promise.resolve('open'),
}
