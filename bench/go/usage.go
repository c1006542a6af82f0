// Scans as often as the arguments say, and prints microseconds a process for each scan as JSON: usage ROUNDS SECONDS
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/shirou/gopsutil/process"
)

var kept interface{}

func scan() int {
	processes, err := process.Processes()
	if err != nil {
		panic(err)
	}
	for _, each := range processes {
		// What ends meanwhile has errors.
		name, _ := each.Name()
		user, _ := each.Username()
		times, _ := each.Times()
		memory, _ := each.MemoryInfo()
		command, _ := each.CmdlineSlice()
		kept = []interface{}{name, user, times, memory, command}
	}
	return len(processes)
}

func main() {
	rounds, _ := strconv.Atoi(os.Args[1])
	seconds, _ := strconv.ParseFloat(os.Args[2], 64)
	until := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	var measured []float64
	// The first one warms up, unless it is the only one.
	for len(measured) < 2 || (len(measured) <= rounds && time.Now().Before(until)) {
		began := time.Now()
		count := scan()
		measured = append(measured, float64(time.Since(began).Microseconds())/float64(count))
	}
	text, _ := json.Marshal(map[string]interface{}{"rounds": measured[1:]})
	fmt.Println(string(text))
}
