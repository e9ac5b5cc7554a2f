// Reads pairs of Avro schemas, a JSON list of writer and reader in each line, and says of each pair
// whether hamba/avro holds the reader to be able to read what the writer writes, or what it makes of them.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/hamba/avro/v2"
)

func judge(line []byte) string {
	var pair []json.RawMessage
	if err := json.Unmarshal(line, &pair); err != nil || len(pair) != 2 {
		return "no pair"
	}
	var schemas [2]avro.Schema
	for at, text := range pair {
		schema, err := avro.ParseWithCache(string(text), "", &avro.SchemaCache{})
		if err != nil {
			return "no schema: " + err.Error()
		}
		schemas[at] = schema
	}
	if err := avro.NewSchemaCompatibility().Compatible(schemas[1], schemas[0]); err != nil {
		return "refused: " + err.Error()
	}
	return "read"
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	told := bufio.NewWriter(os.Stdout)
	defer told.Flush()
	for lines.Scan() {
		answer, _ := json.Marshal(judge(lines.Bytes()))
		fmt.Fprintln(told, string(answer))
	}
}
