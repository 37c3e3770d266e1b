// Run by an image's build: writes what the image was made of beside the sources. A file and not an environment variable,
// because a Deployment could override the latter and /version would lie.
import { writeFileSync } from 'node:fs'

const { VERSION: version = 'unknown', REVISION: revision = 'unknown' } = process.env
writeFileSync('version.json', `${JSON.stringify({ version, revision })}\n`)
