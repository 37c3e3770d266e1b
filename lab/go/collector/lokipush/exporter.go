// Package lokipush sends logs by Loki's first push API: one stream for each resource, whose attributes are the labels.
package lokipush

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Config has the settings of otlp_http; `endpoint` is the address of the server without a path.
type Config struct {
	confighttp.ClientConfig `mapstructure:",squash"`
	Queue                   configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	Retry                   configretry.BackOffConfig                                `mapstructure:"retry_on_failure"`
}

var kind = component.MustNewType("lokipush")

func NewFactory() exporter.Factory {
	return exporter.NewFactory(kind, defaults, exporter.WithLogs(create, component.StabilityLevelDevelopment))
}

func defaults() component.Config {
	return &Config{
		ClientConfig: confighttp.NewDefaultClientConfig(),
		Queue:        configoptional.Some(exporterhelper.NewDefaultQueueConfig()),
		Retry:        configretry.NewDefaultBackOffConfig(),
	}
}

func create(ctx context.Context, settings exporter.Settings, any component.Config) (exporter.Logs, error) {
	config := any.(*Config)
	pusher := &pusher{url: config.Endpoint + "/loki/api/v1/push"}
	start := func(ctx context.Context, host component.Host) (err error) {
		pusher.client, err = config.ToClient(ctx, host.GetExtensions(), settings.TelemetrySettings)
		return err
	}
	return exporterhelper.NewLogs(ctx, settings, config, pusher.push,
		exporterhelper.WithStart(start),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{Timeout: 30 * time.Second}),
		exporterhelper.WithQueue(config.Queue),
		exporterhelper.WithRetry(config.Retry),
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}))
}

type pusher struct {
	client *http.Client
	url    string
}

type stream struct {
	Labels map[string]string `json:"stream"`
	Values [][2]string       `json:"values"`
}

func (p *pusher) push(ctx context.Context, logs plog.Logs) error {
	body, err := json.Marshal(map[string][]stream{"streams": streamsOf(logs, time.Now())})
	if err != nil {
		return consumererror.NewPermanent(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return consumererror.NewPermanent(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 1024))
	switch {
	case answer.StatusCode < 300:
		return nil
	// What the store refuses today it refuses tomorrow; 429 alone asks for patience.
	case answer.StatusCode < 500 && answer.StatusCode != http.StatusTooManyRequests:
		return consumererror.NewPermanent(fmt.Errorf("loki answered %d: %s", answer.StatusCode, said))
	default:
		return fmt.Errorf("loki answered %d: %s", answer.StatusCode, said)
	}
}

func streamsOf(logs plog.Logs, now time.Time) []stream {
	byLabels := map[string]*stream{}
	for _, resource := range logs.ResourceLogs().All() {
		labels := labelsOf(resource.Resource().Attributes())
		key, _ := json.Marshal(labels)
		one, known := byLabels[string(key)]
		if !known {
			one = &stream{Labels: labels}
			byLabels[string(key)] = one
		}
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				one.Values = append(one.Values, [2]string{timeOf(record, now), record.Body().AsString()})
			}
		}
	}
	streams := make([]stream, 0, len(byLabels))
	for _, one := range byLabels {
		// Loki 1 refuses a line that is older than the one before it in its stream.
		sort.SliceStable(one.Values, func(i, j int) bool { return earlier(one.Values[i][0], one.Values[j][0]) })
		streams = append(streams, *one)
	}
	return streams
}

func labelsOf(attributes pcommon.Map) map[string]string {
	labels := map[string]string{}
	for name, value := range attributes.All() {
		if text := value.AsString(); text != "" {
			labels[name] = text
		}
	}
	return labels
}

func timeOf(record plog.LogRecord, now time.Time) string {
	at := int64(record.Timestamp())
	if at == 0 {
		at = now.UnixNano()
	}
	return strconv.FormatInt(at, 10)
}

// Nanoseconds have nineteen digits until the year 2286: their texts sort as their numbers do.
func earlier(one, other string) bool { return one < other }
