import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { addresses } from '../addresses.ts'
import { at, type Lab } from '../base/lab.ts'
import { statePart } from '../base/part.ts'
import { must, run } from '../base/run.ts'

/** What the kernel must be told; the values from before are kept for `down`. */
const settings: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '1',
  // Pod-to-pod frames on the bridge must meet the forward hook: network policies are enforced there.
  'net.bridge.bridge-nf-call-iptables': '1',
  'vm.overcommit_memory': '1',
  'kernel.panic': '10',
  'vm.panic_on_oom': '0',
  'kernel.panic_on_oops': '1',
  'kernel.keys.root_maxkeys': '1000000',
  'kernel.keys.root_maxbytes': '25000000',
}

const kernelFile = (setting: string): string => `/proc/sys/${setting.replaceAll('.', '/')}`

/** The node's own bridge and address, the kernel's settings, and a way through a firewall that drops what is forwarded. */
export const network = statePart('network', async (lab) => {
  await run('modprobe', ['br_netfilter'])
  applySettings(lab)
  const { bridge, node } = addresses
  if ((await run('ip', ['link', 'show', bridge])).code !== 0)
    await must('ip', ['link', 'add', bridge, 'type', 'bridge'])
  await must('ip', ['address', 'replace', `${node}/32`, 'dev', bridge])
  await must('ip', ['link', 'set', bridge, 'up'])
  for (const rule of forwardRules) {
    if ((await run('iptables', ['-w', '-C', ...rule])).code !== 0)
      await must('iptables', ['-w', '-I', ...rule])
  }
})

export const forwardRules = ['-i', '-o'].map(
  (side) => ['FORWARD', side, addresses.podBridge, '-j', 'ACCEPT'] as const,
)

function applySettings(lab: Lab): void {
  mkdirSync(at(lab, 'sysctl'), { recursive: true })
  for (const [setting, value] of Object.entries(settings)) {
    const kept = at(lab, 'sysctl', setting)
    if (!existsSync(kept)) writeFileSync(kept, readFileSync(kernelFile(setting)))
    writeFileSync(kernelFile(setting), value)
  }
}

/** Gives the kernel its old values back. */
export function restoreSettings(lab: Lab): void {
  for (const setting of Object.keys(settings)) {
    const kept = at(lab, 'sysctl', setting)
    if (existsSync(kept)) writeFileSync(kernelFile(setting), readFileSync(kept))
  }
}
