// Makes the Secrets of the monitoring, once; they reach the cluster through standard input, and are never printed.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { makeCertificates } from './certificates.ts'
import { namespaceOf, observersOf, parseOrder, parseUrl, secretsOf, serverNames } from './secrets.ts'

try {
  const order = parseOrder(process.argv.slice(2))
  const { environment, days, renew } = order
  const receivers = {
    team: parseUrl(readFileSync(order.teamUrl, 'utf8'), '--team-url'),
    onCall: parseUrl(readFileSync(order.onCallUrl, 'utf8'), '--on-call-url'),
  }
  const namespace = namespaceOf(environment)
  const known = await kubectl(['--namespace', namespace, 'get', 'secrets', '--output', 'name'])
  if (known.includes('secret/monitoring-tls') && !renew) {
    say(`${namespace}: the Secrets are there; --renew makes them again`)
  } else {
    const certificates = await makeCertificates({
      name: namespace,
      serverNames: serverNames(environment),
      days,
    })
    const items = secretsOf(environment, certificates, receivers)
    const flags = ['apply', '--server-side', '--force-conflicts', '--filename', '-']
    await kubectl(flags, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
    say(
      `${items.length} Secrets in ${namespace} and ${observersOf(environment)}, valid for ${days} days\n` +
        `after --renew: kubectl rollout restart in both namespaces\n` +
        `login: kubectl --namespace ${namespace} get secret grafana-admin --output go-template='{{.data.password | base64decode}}'`,
    )
  }
} catch (error) {
  process.stderr.write(`no Secret was made: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function kubectl(args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const said: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString())
      else reject(new Error(Buffer.concat(said).toString().trim() || `kubectl ended with ${code}`))
    })
  })
}
