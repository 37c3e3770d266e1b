import { Failure, describe } from '@alt-las/failure'
import { parseReference } from '@alt-las/registry'
import { list, type Parser } from '@alt-las/runner'
import { parseAddress, type Address } from '@alt-las/telemetry'

// Parsers of single inputs. Each throws an Error that reads `got X, expected Y`.

/** One value per line; every line that does not parse is told. */
export function lines<T>(parseOne: (line: string) => T): Parser<readonly T[]> {
  return (raw, name) => {
    const problems: string[] = []
    const parsed = list(raw, name).flatMap((line) => {
      try {
        return [parseOne(line)]
      } catch (error) {
        problems.push(error instanceof Failure ? describe(error) : (error as Error).message)
        return []
      }
    })
    if (problems.length > 0) throw new Error(problems.join('; '))
    return parsed
  }
}

/** Without user, query or fragment. */
export function baseUrl(raw: string): URL {
  const url = URL.canParse(raw) ? new URL(raw) : null
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw new Error(
      `got ${JSON.stringify(raw.replace(/\/\/[^/]*@/, '//…@'))}, expected a URL such as https://alt-las.example`,
    )
  return url
}

export function metricsAddress(raw: string): Address {
  const parsed = parseAddress(raw)
  if (parsed === null || parsed.direct === true)
    throw new Error(
      `got ${JSON.stringify(raw.replace(/\/\/[^/]*@/, '//…@'))}, expected the Prometheus that scrapes the services, as https://…, http://… or service://namespace/name:port`,
    )
  return parsed
}

/** Requests per second. */
export function requestRate(raw: string): number {
  const rate = /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : NaN
  if (!(rate > 0 && rate <= 100_000))
    throw new Error(`got ${JSON.stringify(raw)}, expected requests per second, such as 50 or 0.5`)
  return rate
}

/** An image with its digest. */
export function pinnedImage(raw: string): string {
  if (parseReference(raw).digest === undefined)
    throw new Error(`got ${JSON.stringify(raw)}, expected an image with its digest`)
  return raw
}
