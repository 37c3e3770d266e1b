import { describe, expect, test } from '@jest/globals'
import { type Container, type Manifest, one, podsOf, production, valueOf } from './read.ts'

const containersOf = (name: string): readonly Container[] =>
  podsOf(production).find((workload) => workload.name === name)?.pod.containers ?? []
const container = (name: string): Container => {
  const [first] = containersOf(name)
  if (first === undefined) throw new Error(`${name} has no container`)
  return first
}
const volumesOf = (name: string) => podsOf(production).find((pods) => pods.name === name)?.pod.volumes ?? []
const claimsOf = (name: string) =>
  volumesOf(name).flatMap(({ persistentVolumeClaim: claim }) =>
    claim === undefined ? [] : [claim.claimName],
  )
const secretsOf = (name: string) =>
  volumesOf(name).flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName]))
const scripts = one(production, 'ConfigMap', 'postgres-backup')['data'] as Readonly<Record<string, string>>
const jobs = ['postgres-backup', 'postgres-restore-test', 'postgres-restore']
const server = container('postgres')
const setting = (name: string): string | undefined =>
  server.args?.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1)
/** Minutes after midnight of a daily schedule. */
const minutesOf = ({ spec }: Manifest): number => {
  const [minute, hour] = String(spec?.['schedule']).split(' ').map(Number)
  return (hour ?? 0) * 60 + (minute ?? 0)
}

describe('the database of production', () => {
  test('is ready when it answers a query over the network, with the credentials of the services', () => {
    for (const probe of [server.startupProbe, server.readinessProbe]) {
      const { exec } = probe as { readonly exec: { readonly command: readonly string[] } }
      expect(exec.command.join(' ')).toMatch(/psql .*--host=127\.0\.0\.1 .*--command="SELECT 1"/)
      expect(exec.command.join(' ')).toContain('/etc/postgres/password')
    }
    // A database that refuses for a while must not be killed.
    expect(server.livenessProbe).toMatchObject({ tcpSocket: { port: 'postgres' } })
  })

  test('has connections for every archive pod of a rollout, the backup, the restore and its superuser', () => {
    const archive = podsOf(production).find(({ name }) => name === 'archive-service')
    const each = Number(valueOf(container('archive-service'), 'PG_CONNECTIONS'))
    // Stable, as many of the canary, and one of a rolling update.
    const pods = 2 * (archive?.replicas ?? 0) + 1
    expect(Number(setting('max_connections'))).toBeGreaterThanOrEqual(pods * each + 2 + 2 + 3)
  })

  test('keeps major version and Debian release, and its tools are not older than the server', () => {
    expect(server.image).toMatch(/postgres:\d+-bookworm$/)
    for (const name of jobs) expect(container(name).image).toBe(server.image)
  })

  test('keeps its settings in the manifest, not in the data volume', () => {
    expect(server.args?.[0]).toBe('postgres')
    expect(setting('password_encryption')).toBe('scram-sha-256')
    expect(setting('idle_in_transaction_session_timeout')).toBeDefined()
  })

  test('has a volume for its data that outlives the pod', () => {
    const { volumeClaimTemplates: claims, persistentVolumeClaimRetentionPolicy: policy } =
      one(production, 'StatefulSet', 'postgres').spec ?? {}
    expect(claims).toMatchObject([{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }])
    expect(policy).toBeUndefined() // Retain
  })
})

describe('the backups of production', () => {
  test('lie on a volume of their own, which the database does not mount', () => {
    one(production, 'PersistentVolumeClaim', 'postgres-backups')
    for (const name of jobs) expect(claimsOf(name)).toEqual(['postgres-backups'])
    expect(claimsOf('postgres')).toEqual([])
  })

  test('are made every day, kept for two weeks, and tried after they were made', () => {
    const [backup, trial] = ['postgres-backup', 'postgres-restore-test'].map((name) =>
      one(production, 'CronJob', name),
    )
    for (const each of [backup, trial])
      expect(each?.spec).toMatchObject({
        schedule: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as unknown,
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
      })
    expect(Number(valueOf(container('postgres-backup'), 'BACKUPS_KEPT'))).toBeGreaterThanOrEqual(14)
    const later = minutesOf(trial as Manifest) - minutesOf(backup as Manifest)
    // The backup may take the hour of its deadline.
    expect(later).toBeGreaterThanOrEqual(60)
    expect(Number(valueOf(container('postgres-restore-test'), 'MAX_AGE_HOURS'))).toBeLessThan(48)
  })

  test('count their rows in the snapshot of the dump, and have their name only when they are whole', () => {
    const script = scripts['backup.sh'] ?? ''
    const order = [
      'pg_export_snapshot',
      'pg_dump',
      ':scripts/count.sql',
      'sha256sum',
      'mv "$PART"',
      'BACKUPS_KEPT',
    ]
    const places = order.map((text) => script.indexOf(text))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(script).toContain('--snapshot="$SNAPSHOT"')
  })

  test('are restored by the test into a server of its own, without network and credentials', () => {
    const name = 'postgres-restore-test'
    expect(secretsOf(name)).toEqual([])
    expect(container(name).env?.filter(({ valueFrom }) => valueFrom !== undefined)).toEqual([])
    const script = scripts['restore-test.sh'] ?? ''
    for (const step of ['choose.sh', 'MAX_AGE_HOURS', 'initdb', 'pg_restore --exit-on-error', 'count.sql'])
      expect(script).toContain(step)
    expect(script).toMatch(/\[ "\$counts" = "\$\(cat .*\/counts"\)" \] \|\| \{ .* exit 1; \}/)
  })

  test('are restored for good by hand only, in one transaction', () => {
    expect(one(production, 'CronJob', 'postgres-restore').spec).toMatchObject({
      suspend: true,
      jobTemplate: { spec: { backoffLimit: 0 } },
    })
    expect(scripts['restore.sh']).toContain('--single-transaction')
  })

  test.each(['backup.sh', 'restore-test.sh', 'restore.sh'])('%s ends at the first error', (name) => {
    expect(scripts[name]).toMatch(/^set -eu\n/)
  })
})
