// The only HTTP sender of this repository: HTTP over node:http and node:https, with deadlines, size limits, proxies and redirects by rule.
export { type Body, type Http, type HttpRequest, type HttpResponse, type SendOptions } from './http.ts'
export { systemHttp, type HttpSettings } from './system-http.ts'
export { httpFailure, type HttpCode } from './http-failure.ts'
export { fetchAll, readAll, type Answer } from './read-all.ts'
export { readLines } from './read-lines.ts'
export { checkedTarget, isLoopback } from './redirect.ts'
export { proxyFor } from './proxy.ts'
export { endWith } from './abort.ts'
