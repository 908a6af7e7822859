// A DTLS client or server on pion. The client sends each line of its standard input and prints what comes back; the server sends
// everything back. Identity "me", key "0123456789abcdef", or certificates.
// pion-peer client|server PORT SUITE CID_LENGTH MTU [FOLDER]
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/pion/dtls/v3"
)

var suites = map[string]dtls.CipherSuiteID{
	"TLS_PSK_WITH_AES_128_CCM_8":              dtls.TLS_PSK_WITH_AES_128_CCM_8,
	"TLS_PSK_WITH_AES_128_GCM_SHA256":         dtls.TLS_PSK_WITH_AES_128_GCM_SHA256,
	"TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8":      dtls.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
	"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
}

func must(err error) {
	if err != nil {
		fmt.Println("FAILED", err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	must(err)
	return value
}

func main() {
	isClient := os.Args[1] == "client"
	address := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: number(os.Args[2])}
	config := &dtls.Config{
		CipherSuites:         []dtls.CipherSuiteID{suites[os.Args[3]]},
		ExtendedMasterSecret: dtls.RequireExtendedMasterSecret,
		MTU:                  number(os.Args[5]),
		FlightInterval:       300 * time.Millisecond,
		// Through heavy loss flights come again and again, as in pion's own tests, in place of ever later.
		DisableRetransmitBackoff: true,
	}
	if length := number(os.Args[4]); length > 0 {
		config.ConnectionIDGenerator = dtls.RandomCIDGenerator(length)
	} else if length == 0 {
		config.ConnectionIDGenerator = dtls.OnlySendCIDGenerator()
	}
	if len(os.Args) > 6 {
		addCertificates(config, os.Args[6], isClient)
	} else {
		config.PSK = func([]byte) ([]byte, error) { return []byte("0123456789abcdef"), nil }
		config.PSKIdentityHint = []byte("me")
	}
	if isClient {
		runClient(address, config)
	} else {
		runServer(address, config)
	}
}

func addCertificates(config *dtls.Config, folder string, isClient bool) {
	name := "server"
	if isClient {
		name = "client"
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(folder, name+".pem"), filepath.Join(folder, name+".key"))
	must(err)
	authority, err := os.ReadFile(filepath.Join(folder, "ca.pem"))
	must(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	config.Certificates = []tls.Certificate{pair}
	config.RootCAs, config.ClientCAs = pool, pool
	config.ServerName = "server.example"
	config.ClientAuth = dtls.RequireAndVerifyClientCert
}

func runClient(server net.Addr, config *dtls.Config) {
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	must(err)
	session, err := dtls.Client(socket, server, config)
	must(err)
	deadline, cancel := context.WithTimeout(context.Background(), 50*time.Second)
	defer cancel()
	must(session.HandshakeContext(deadline))
	fmt.Println("SESSION")
	lines := bufio.NewScanner(os.Stdin)
	buffer := make([]byte, 2000)
	for lines.Scan() {
		_, err := session.Write(lines.Bytes())
		must(err)
		must(session.SetReadDeadline(time.Now().Add(3 * time.Second)))
		length, err := session.Read(buffer)
		if err == nil {
			fmt.Println("ANSWER", string(buffer[:length]))
		}
	}
}

func runServer(address *net.UDPAddr, config *dtls.Config) {
	listener, err := dtls.Listen("udp", address, config)
	must(err)
	fmt.Println("READY")
	for {
		connection, err := listener.Accept()
		if err != nil {
			fmt.Println("REFUSED", err)
			continue
		}
		go func() {
			buffer := make([]byte, 2000)
			for {
				length, err := connection.Read(buffer)
				if err != nil {
					return
				}
				_, _ = connection.Write(append([]byte(connection.RemoteAddr().String()+" "), buffer[:length]...))
			}
		}()
	}
}
