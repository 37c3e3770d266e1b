// Writes what kubernetes/monitoring/generated.ts makes: the dashboards as Grafana reads them, and the Prometheus of a release.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generated } from '../kubernetes/monitoring/generated.ts'
import { root } from './actions.ts'

for (const [name, text] of generated()) writeFileSync(join(root, 'kubernetes', name), text)
