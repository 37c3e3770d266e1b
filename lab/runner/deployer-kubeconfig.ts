import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { at, kubeconfig, type Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import { runPath } from './run-folder.ts'

/** Made by the documented script, as a person makes the secret KUBE_CONFIG: it ends after six hours. */
export async function deployerKubeconfig(
  lab: Lab,
  run: number,
  environment: 'production' | 'beta',
): Promise<string> {
  const script = join(lab.repository, 'kubernetes/deployer/make-kubeconfig.ts')
  const output = runPath(lab, run, 'deployer.kubeconfig')
  rmSync(output, { force: true })
  const env = { PATH: at(lab, 'bin'), KUBECONFIG: kubeconfig(lab, 'admin') }
  await must(process.execPath, [script, environment, '--output', output], { env })
  const text = readFileSync(output, 'utf8')
  rmSync(output)
  return text
}
