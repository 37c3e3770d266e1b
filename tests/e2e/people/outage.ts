import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { seconds } from '../rollouts/world.ts'
import { expectEnd, expectNothingLeft } from './expect.ts'
import type { Place } from './place.ts'
import { installed, type Story } from './story.ts'

const awaySeconds = 25

export const outage: Story = {
  name: 'api-away',
  done: `the API server cannot be reached for ${awaySeconds} s while the canary has half of the traffic`,
  right: 'goes on when it is back, and is promoted',
  before: installed,
  play: async (place) => {
    const config = kubeconfig(place)
    const cluster = config.clusters[0]?.cluster
    if (cluster === undefined) throw new Error('the kubeconfig of the deployer names no cluster')
    const { hostname, port } = new URL(cluster.server)
    const door = await openDoor({ host: hostname, port: Number(port) })
    try {
      const own = { ...cluster, server: `https://127.0.0.1:${door.port}`, 'tls-server-name': hostname }
      const through = { ...config, clusters: [{ ...config.clusters[0], cluster: own }] }
      const inputs = { steps: '50%:40s', kubeconfig: JSON.stringify(through) }
      const started = place.release(place.version('2'), inputs)
      await started.said(/routes 50% to the canary/)
      await seconds(6)
      door.shut()
      await seconds(awaySeconds)
      door.open()
      expectEnd(await started.ended, 'promoted')
      await expectNothingLeft(place)
    } finally {
      door.shut()
    }
  },
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[]
}

const kubeconfig = ({ stack }: Place): Kubeconfig =>
  JSON.parse(readFileSync(join(stack.home, 'pki/deployer.conf'), 'utf8')) as Kubeconfig

/** The way to the API server of one runner alone, which can be shut. */
async function openDoor(to: { readonly host: string; readonly port: number }) {
  const sockets = new Set<Socket>()
  let isOpen = true
  const server = createServer((from) => {
    if (!isOpen) return void from.destroy()
    const onward = connect(to.port, to.host)
    from.pipe(onward)
    onward.pipe(from)
    for (const one of [from, onward]) {
      sockets.add(one)
      one.on('error', () => one.destroy())
      one.on('close', () => {
        sockets.delete(one)
        from.destroy()
        onward.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  return {
    port: address.port,
    open: () => {
      isOpen = true
    },
    shut: () => {
      isOpen = false
      for (const one of sockets) one.destroy()
    },
  }
}
