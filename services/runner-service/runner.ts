import { readObject } from '../http/body.ts'
import { json, problem, type Reply } from '../http/reply.ts'
import type { Call, Route } from '../http/route.ts'
import type { Jobs } from './jobs.ts'

/** `POST /jobs {name, args}` answers 202 and a location; `GET /jobs` and `GET /jobs/:id` give its state. */
export function runner(jobs: Jobs): readonly Route[] {
  return [
    { method: 'POST', path: '/jobs', handle: (call) => begin(call, jobs) },
    { method: 'GET', path: '/jobs', handle: () => json(200, { jobs: jobs.list().slice(0, 100) }) },
    { method: 'GET', path: '/jobs/:id', handle: ({ params }) => answer(params['id'] ?? '', jobs) },
  ]
}

async function begin(call: Call, jobs: Jobs): Promise<Reply> {
  const body = await readObject(call.message)
  if (body.kind === 'refused') return body.reply
  const { name, args } = body.fields
  if (typeof name !== 'string') return problem(400, `name: got ${typeof name}, expected a job's name`)
  if (!isObject(args))
    return problem(400, `args: got ${Array.isArray(args) ? 'an array' : typeof args}, expected an object`)
  const started = jobs.start(name, args)
  switch (started.kind) {
    case 'started':
      return json(202, started.job, { location: `/jobs/${started.job.id}` })
    case 'refused':
      return problem(400, started.because)
    case 'full':
      return problem(503, started.because, { 'retry-after': '5' })
  }
}

function answer(id: string, jobs: Jobs): Reply {
  const job = jobs.find(id)
  return job === null ? problem(404, `job ${id}: there is none, or it was forgotten`) : json(200, job)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
