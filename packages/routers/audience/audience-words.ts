import type { Audience } from '../port/audience.ts'
import { shareOfUsers } from './header-match.ts'

/** Who they are, for people: `users with the cookie beta=1`. */
export function audienceWords(audience: Audience): string {
  switch (audience.kind) {
    case 'header':
      return `requests with the header ${audience.name}: ${audience.value}`
    case 'cookie':
      return `users with the cookie ${audience.name}=${audience.value}`
    case 'share': {
      const { percent, by, name, characters } = audience
      const share = Number(shareOfUsers(percent, characters).toPrecision(3))
      return `${share}% of the users, by the last two ${characters === 'hex' ? 'hexadecimal digits' : 'digits'} of the ${by} ${name}`
    }
  }
}
