import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  LegendDisplayMode,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs'
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki'
import { DataqueryBuilder as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'

/** The data sources, by the `uid` that kubernetes/production/monitoring.yaml gives them. */
export const prometheus = { type: 'prometheus', uid: 'prometheus' } as const
export const loki = { type: 'loki', uid: 'loki' } as const

/** Of Grafana: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit */
export type Unit = 'reqps' | 'percentunit' | 's' | 'bytes' | 'Bps' | 'short' | 'none'

/** Legend, a template of labels, and PromQL. */
export type Queries = Readonly<Record<string, string>>

export interface Asked {
  readonly title: string
  /** What a reader learns from it, or does about it. */
  readonly description: string
  readonly unit: Unit
  readonly queries: Queries
}

/** Columns of the 24 that a row has. */
const half = 12
const quarter = 6

/** Curves over time. */
export function curves({ title, description, unit, queries }: Asked, span = half): Builder<Panel> {
  const panel = new TimeSeriesPanel()
    .title(title)
    .description(description)
    .datasource(prometheus)
    .unit(unit)
    .min(0)
    .fillOpacity(8)
    .lineWidth(2)
    .span(span)
    .height(8)
    .legend(legend())
    .tooltip(tooltip())
  for (const query of metricsOf(queries)) panel.withTarget(query)
  return panel
}

/** One number, as it is now. */
export function number({ title, description, unit, queries }: Asked, span = quarter): Builder<Panel> {
  const panel = new StatPanel()
    .title(title)
    .description(description)
    .datasource(prometheus)
    .unit(unit)
    .span(span)
    .height(4)
  for (const query of metricsOf(queries)) panel.withTarget(query)
  return panel
}

/** Curves that are counted from log lines. */
export function logCurves({ title, description, unit, queries }: Asked, span = half): Builder<Panel> {
  const panel = new TimeSeriesPanel()
    .title(title)
    .description(description)
    .datasource(loki)
    .unit(unit)
    .min(0)
    .fillOpacity(8)
    .span(span)
    .height(8)
    .legend(legend())
    .tooltip(tooltip())
  for (const query of logsOf(queries)) panel.withTarget(query)
  return panel
}

/** The lines themselves, the newest first. */
export function lines({ title, description, query }: LinesAsked): Builder<Panel> {
  const panel = new LogsPanel()
    .title(title)
    .description(description)
    .datasource(loki)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .span(24)
    .height(12)
  for (const one of logsOf({ '': query })) panel.withTarget(one)
  return panel
}

export interface LinesAsked {
  readonly title: string
  readonly description: string
  readonly query: string
}

const legend = () => new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).showLegend(true)

const tooltip = () => new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending)

const letters = 'ABCDEFGH'

const metricsOf = (queries: Queries): readonly Builder<Dataquery>[] =>
  Object.entries(queries).map(([legendFormat, expr], index) =>
    new PrometheusQuery()
      .refId(letters.charAt(index))
      .datasource(prometheus)
      .expr(expr)
      .legendFormat(legendFormat),
  )

const logsOf = (queries: Queries): readonly Builder<Dataquery>[] =>
  Object.entries(queries).map(([legendFormat, expr], index) =>
    new LokiQuery().refId(letters.charAt(index)).datasource(loki).expr(expr).legendFormat(legendFormat),
  )
