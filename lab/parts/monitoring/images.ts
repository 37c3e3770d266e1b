import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../base/lab.ts'
import { cached } from '../../build/cached.ts'
import { keyOf } from '../../build/key.ts'
import { addUsers, bundleOf, packageChecksums, unpackDebian } from '../../images/debian-root.ts'
import { writeLayout } from '../../images/layout.ts'
import { prepareTmp } from '../../images/node.ts'
import { plain, pushProgramImages } from '../../images/platform.ts'
import { pushLayout } from '../../images/push.ts'
import { extraImages } from '../../versions.ts'

/** Images of the monitoring, each with one program, into the lab's mirror. */
export async function pushMonitoringImages(lab: Lab): Promise<void> {
  await pushProgramImages(lab, [
    { name: extraImages.loki, program: 'loki', config: plain('loki', '10001') },
    { name: extraImages.collector, program: 'collector', config: plain('collector', '10001') },
    {
      name: extraImages.stateMetrics,
      program: 'kube-state-metrics',
      config: plain('kube-state-metrics', '65534'),
    },
  ])
  await pushLayout(lab, await alertmanager(lab), extraImages.alertmanager)
}

const packages = ['base-files', 'libc6', 'prometheus-alertmanager', 'tzdata']

/** Alertmanager of Debian, started as the image of the world is. */
async function alertmanager(lab: Lab): Promise<string> {
  const checksums = await packageChecksums(lab, packages)
  const config = plain('alertmanager', '65534')
  const inputs = [
    ...packages.map((name) => checksums.get(name) ?? name),
    JSON.stringify(config),
    bundleOf(lab),
  ]
  return await cached(lab, { name: 'image-alertmanager', key: keyOf(inputs) }, async (folder) => {
    const root = join(folder, 'root')
    await unpackDebian(lab, packages, root)
    renameSync(join(root, 'usr/bin/prometheus-alertmanager'), join(root, 'alertmanager'))
    addUsers(root, [{ name: 'nobody', id: 65534, home: '/home' }])
    prepareTmp(root)
    await writeLayout(root, config, folder)
  })
}
