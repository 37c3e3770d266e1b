import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { makeKubeconfig, parseOrder, type Kubectl } from './kubeconfig.ts'

const ask = promisify(execFile)
const kubectl: Kubectl = async (args) => (await ask('kubectl', [...args])).stdout

try {
  const order = parseOrder(process.argv.slice(2))
  const { kubeconfig, expires } = await makeKubeconfig(order, kubectl)
  // `wx`: a file that is there may be readable for others, and a link may lead elsewhere.
  writeFileSync(order.output, kubeconfig, { mode: 0o600, flag: 'wx' })
  process.stdout.write(
    `${order.output}: the deployer of ${order.environment}, expires ${expires}\n` +
      `gh secret set KUBE_CONFIG --env ${order.environment} < ${order.output} && rm ${order.output}\n`,
  )
} catch (error) {
  const said = (error as { readonly stderr?: unknown }).stderr
  const reason =
    typeof said === 'string' && said.trim() !== '' ? said.trim() : String((error as Error).message)
  process.stderr.write(`no kubeconfig was made: ${reason}\n`)
  process.exitCode = 1
}
