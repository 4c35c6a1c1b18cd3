// Command bench measures a built provider: its size, and how long it takes from the start of its process to the answer to
// GetProviderSchema, which is what every run of Terraform waits for first.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	runs           = 15
	maxSchemaBytes = 64 << 20
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bench PROVIDER_BINARY")
		os.Exit(2)
	}
	if err := bench(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(binary string) error {
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	times := make([]time.Duration, 0, runs)
	var schemaBytes int
	for range runs {
		took, size, err := startToSchema(binary)
		if err != nil {
			return err
		}
		times, schemaBytes = append(times, took), size
	}
	slices.Sort(times)
	fmt.Printf("provider binary, stripped      %.1f MB\n", float64(info.Size())/1e6)
	fmt.Printf("start to GetProviderSchema     %d ms (median of %d; fastest %d, slowest %d; schema of %d kB)\n",
		times[runs/2].Milliseconds(), runs, times[0].Milliseconds(), times[runs-1].Milliseconds(), schemaBytes/1000)
	return nil
}

// startToSchema starts the provider as Terraform does and asks for its schema once.
func startToSchema(binary string) (took time.Duration, schemaBytes int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	socketDir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(socketDir)
	cmd := exec.CommandContext(ctx, binary)
	// What go-plugin's client says to its server; no client certificate means plain gRPC.
	cmd.Env = append(os.Environ(), "PLUGIN_PROTOCOL_VERSIONS=6", "PLUGIN_UNIX_SOCKET_DIR="+socketDir,
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		cancel() // kills it
		_ = cmd.Wait()
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return 0, 0, fmt.Errorf("no handshake: %w", err)
	}
	schemaBytes, err = getSchema(ctx, strings.TrimSpace(line))
	return time.Since(begin), schemaBytes, err
}

// getSchema takes the server's address from its handshake, core|protocol|network|address|grpc, and calls it.
func getSchema(ctx context.Context, handshake string) (int, error) {
	parts := strings.Split(handshake, "|")
	if len(parts) < 5 || parts[1] != "6" || parts[2] != "unix" || parts[4] != "grpc" {
		return 0, fmt.Errorf("unexpected handshake %q", handshake)
	}
	connection, err := grpc.NewClient("unix:"+parts[3], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{}), grpc.MaxCallRecvMsgSize(maxSchemaBytes)))
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	var request, response []byte // an empty message has no bytes
	if err := connection.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &request, &response); err != nil {
		return 0, err
	}
	if len(response) == 0 {
		return 0, errors.New("the schema is empty")
	}
	return len(response), nil
}

// raw passes messages through undecoded: the protocol's own Go types are internal to plugin-go.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(message any) ([]byte, error) {
	content, ok := message.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("unexpected %T", message)
	}
	return *content, nil
}

func (raw) Unmarshal(data []byte, message any) error {
	content, ok := message.(*[]byte)
	if !ok {
		return fmt.Errorf("unexpected %T", message)
	}
	*content = slices.Clone(data)
	return nil
}
