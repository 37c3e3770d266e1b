import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { at, tool, type Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import { trivyDatabase } from '../versions.ts'
import { pushArtifact } from './artifact.ts'
import { registryDigest } from './push.ts'

const day = 24 * 3600 * 1000

/** The vulnerability database with the lab's own advisories. It is made again when it is a day old, as the world's is. */
export async function pushTrivyDatabase(lab: Lab): Promise<void> {
  const made = at(lab, 'trivy-database', 'made')
  const fresh = existsSync(made) && Date.now() - statSync(made).mtimeMs < day
  if (fresh && (await registryDigest(lab, trivyDatabase)) !== null) return
  const folder = at(lab, 'trivy-database', 'db')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const advisories = join(lab.repository, 'lab', 'go', 'fixturedb', 'advisories.json')
  const now = new Date().toISOString()
  const next = new Date(Date.now() + day).toISOString()
  await must(tool(lab, 'fixturedb'), ['-out', folder, '-spec', advisories, '-updated', now, '-next', next])
  const tar = at(lab, 'trivy-database', 'db.tar')
  await must('tar', ['-C', folder, '-cf', tar, 'trivy.db', 'metadata.json'])
  await pushArtifact(lab, {
    name: trivyDatabase,
    layer: gzipSync(readFileSync(tar)),
    layerType: 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip',
    configType: 'application/vnd.aquasec.trivy.config.v1+json',
    title: 'db.tar.gz',
  })
  writeFileSync(made, now)
}
