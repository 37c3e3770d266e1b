import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { addresses } from '../addresses.ts'
import { at } from '../base/lab.ts'
import { statePart } from '../base/part.ts'
import { apply, type Manifest } from './apply.ts'

const count = 6

const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
}

/** Folders of the lab's home as the cluster's disks. `Retain`: data outlive their claim, as on a platform that is careful. */
export const storage = statePart('storage', async (lab) => {
  const folders = Array.from({ length: count }, (_, number) => at(lab, 'volumes', String(number)))
  for (const folder of folders) makeDisk(folder)
  await apply(lab, [storageClass, ...folders.map(volume)])
})

/**
 * A folder that exists is left alone: the kubelet marks a volume whose owners it has set by the mode of its root. Without that mark it gives
 * the group rights to every file at the next mount, and PostgreSQL refuses such data.
 */
export function makeDisk(folder: string): void {
  if (existsSync(folder)) return
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o777)
}

const volume = (path: string, number: number): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `local-${number}` },
  spec: {
    capacity: { storage: '5Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: 'local',
    local: { path },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'kubernetes.io/hostname', operator: 'In', values: [addresses.nodeName] },
            ],
          },
        ],
      },
    },
  },
})
