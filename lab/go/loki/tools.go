//go:build tools

package tools

import _ "github.com/grafana/loki/cmd/loki"
