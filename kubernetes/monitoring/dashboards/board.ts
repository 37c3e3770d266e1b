import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type Dashboard,
  DashboardBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { prometheus } from './panels.ts'

export interface Section {
  readonly title: string
  readonly panels: readonly Builder<Panel>[]
}

export interface Board {
  /** Also its `uid`: links to it stay valid. */
  readonly name: string
  readonly title: string
  readonly description: string
  /** Beside `namespace`, which every dashboard has. */
  readonly variables?: readonly ('service' | 'search')[]
  readonly sections: readonly Section[]
}

/** The dashboard as Grafana reads it from a file. */
export function boardOf({ name, title, description, variables = [], sections }: Board): Dashboard {
  const board = new DashboardBuilder(title)
    .uid(`alt-las-${name}`)
    .description(description)
    .tags(['alt-las'])
    .readonly()
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .variables(['namespace' as const, ...variables].map((variable) => known[variable]()))
  for (const section of sections) {
    board.withRow(new RowBuilder(section.title))
    for (const panel of section.panels) board.withPanel(panel)
  }
  return board.build()
}

const known: Readonly<Record<'namespace' | 'service' | 'search', () => Builder<VariableModel>>> = {
  namespace: () =>
    new QueryVariableBuilder('namespace')
      .label('Environment')
      .datasource(prometheus)
      .query('label_values(service:http_requests:rate1m, namespace)')
      .refresh(2),
  service: () =>
    new QueryVariableBuilder('service')
      .label('Service')
      .datasource(prometheus)
      .query('label_values(service:http_requests:rate1m{namespace="$namespace"}, service)')
      .refresh(2),
  search: () => new TextBoxVariableBuilder('search').label('Text').defaultValue(''),
}
