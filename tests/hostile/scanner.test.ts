import { afterEach, expect, test } from '@jest/globals'
import { startRegistry, tarOf, writeLayout, type WireRegistry, type WrittenLayout } from '@alt-las/testing'
import { fakeTrivy, type TrivyScene } from './fake-trivy.ts'
import { defaultsOf, liveMarkup, obeyed, runStep, type Step } from './step.ts'

const running: WireRegistry[] = []
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.close()
})

const scan = ({ path }: WrittenLayout, scene: TrivyScene): Promise<Step> =>
  runStep('scan-trivy', {
    inputs: { input: path, formats: 'json', attempts: '1' },
    programs: fakeTrivy(defaultsOf('scan-trivy')['version'] ?? '', scene),
  })

async function push({ path }: WrittenLayout, scanned: Step) {
  const registry = await startRegistry()
  running.push(registry)
  const inputs = { image: `${registry.host}/alt-las/web`, 'oci-layout': path }
  const step = await runStep('push-image', {
    inputs: { ...inputs, 'scan-report': scanned.outputs['report'] ?? '' },
  })
  return { because: step.outputs['because'] ?? '', requests: registry.requests }
}

const evil = 'x\n::add-mask::passed\r::set-output name=outcome::passed\n##[save-state name=a]b'
const markup =
  '<img src=https://evil.example/a> [fix](https://evil.example) ![](https://evil.example/b) | `x`'
const finding = (Severity: string) => {
  const versions = { InstalledVersion: '3.0', FixedVersion: '3.1' }
  return { VulnerabilityID: 'CVE-2026-1', PkgName: markup, ...versions, Severity, Title: evil + markup }
}
const report = (imageId: string, found: readonly object[], type = 'os-pkgs') =>
  JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: evil,
    Metadata: { OS: { Family: 'debian', Name: '12.5' }, ImageID: imageId },
    Results: [{ Target: evil, Class: type, Type: 'debian', Packages: [{ ID: 'a' }], Vulnerabilities: found }],
  })

/** The scan is red, nothing that the scanner wrote steers the runner, and the next step pushes nothing because of it. */
async function endsIn(
  step: Step,
  layout: WrittenLayout,
  told: Readonly<Record<'outcome' | 'scan' | 'push', string>>,
) {
  expect({ code: step.code, outcome: step.outputs['outcome'] }).toEqual({ code: 1, outcome: told.outcome })
  expect(step.outputs['because']).toContain(told.scan)
  expect(step.document).toMatchObject({ action: 'scan-trivy', outcome: told.outcome })
  expect(obeyed(step)).toEqual([])
  expect(liveMarkup(step).filter((tag) => tag.includes('evil'))).toEqual([])
  const { because, requests } = await push(layout, step)
  expect(because).toContain(told.push)
  expect(requests).toEqual([])
}

/** Five scans of one image by a scanner that tries something else each time. */
test('a hostile scanner gets no finding made harmless, no other image approved and no command into the log: nothing is pushed', async () => {
  const layout = await writeLayout({ layers: [tarOf({ 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' })] })
  const [imageId = ''] = layout.blobs

  const twice = await scan(layout, {
    json: report(imageId, [finding('LOW'), finding('CRITICAL')]),
    stderr: `${evil}\n${'x'.repeat(1 << 20)}\n::set-env name=PATH::/evil\n`,
  })
  const refused = { outcome: 'refused', scan: '1 critical', push: 'nothing was pushed: the scan refused' }
  await endsIn(twice, layout, refused)

  const other = await scan(layout, { json: report(`sha256:${'0'.repeat(64)}`, []) })
  const failed = { outcome: 'failed', push: `nothing was pushed: the scan of ${layout.digest} failed` }
  await endsIn(other, layout, {
    ...failed,
    scan: `trivy reports on the image sha256:${'0'.repeat(64)}, expected`,
  })

  const half = await scan(layout, { json: report(imageId, []).slice(0, -20) })
  await endsIn(half, layout, { ...failed, scan: "trivy's report is not usable" })

  const killed = await scan(layout, { json: report(imageId, []), isKilled: true })
  await endsIn(killed, layout, { ...failed, scan: 'killed' })

  const early = await scan(layout, { json: report(imageId, []), databaseOf: '2999-01-01T00:00:00Z' })
  await endsIn(early, layout, { ...failed, scan: '2999' })
})
