import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/**
 * Californium's CoAP over Scandium's DTLS. A client asks for `/time` at each line of its standard input, after `resume` over a
 * resumed session. CaliforniumDtls client|server PORT SUITE CID_LENGTH none|x509|rpk FOLDER [MTU]
 */
public final class CaliforniumDtls {
  public static void main(String[] arguments) throws Exception {
    CoapConfig.register();
    DtlsConfig.register();
    boolean isClient = arguments[0].equals("client");
    int port = Integer.parseInt(arguments[1]);
    CipherSuite suite = CipherSuite.getTypeByName(arguments[2]);
    Configuration configuration = Configuration.createStandardWithoutFile();
    configuration.set(DtlsConfig.DTLS_ROLE, isClient ? DtlsRole.CLIENT_ONLY : DtlsRole.SERVER_ONLY);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.setAsList(DtlsConfig.DTLS_CIPHER_SUITES, suite);
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    int cidLength = Integer.parseInt(arguments[3]);
    if (cidLength >= 0) configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, cidLength);
    if (arguments.length > 6) configuration.set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, Integer.parseInt(arguments[6]));
    DtlsConnectorConfig.Builder builder = DtlsConnectorConfig.builder(configuration);
    builder.setAddress(new InetSocketAddress("127.0.0.1", isClient ? 0 : port));
    if (suite.isPskBased()) {
      builder.setAdvancedPskStore(new AdvancedSinglePskStore("me", "0123456789abcdef".getBytes("ascii")));
    } else {
      boolean isRaw = arguments[4].equals("rpk");
      Path folder = Path.of(arguments[5]);
      String name = isClient ? "client" : "server";
      CertificateType type = isRaw ? CertificateType.RAW_PUBLIC_KEY : CertificateType.X_509;
      X509Certificate certificate = certificate(folder.resolve(name + ".pem"));
      builder.setCertificateIdentityProvider(isRaw
          ? new SingleCertificateProvider(key(folder.resolve(name + ".key")), certificate.getPublicKey())
          : new SingleCertificateProvider(key(folder.resolve(name + ".key")), new X509Certificate[] {certificate}, type));
      StaticNewAdvancedCertificateVerifier.Builder verifier = StaticNewAdvancedCertificateVerifier.builder();
      if (isRaw) verifier.setTrustAllRPKs();
      else verifier.setTrustedCertificates(certificate(folder.resolve("ca.pem")));
      builder.setAdvancedCertificateVerifier(verifier.build());
    }
    DTLSConnector connector = new DTLSConnector(builder.build());
    CoapEndpoint endpoint = CoapEndpoint.builder().setConfiguration(configuration).setConnector(connector).build();
    if (isClient) ask(endpoint, connector, port);
    else serve(endpoint, connector, port);
  }

  private static void ask(CoapEndpoint endpoint, DTLSConnector connector, int port) throws Exception {
    CoapClient client = new CoapClient("coaps://127.0.0.1:" + port + "/time");
    client.setEndpoint(endpoint);
    client.setTimeout(30_000L);
    endpoint.start();
    System.out.println("READY");
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("resume")) {
        connector.forceResumeAllSessions();
        continue;
      }
      CoapResponse response = client.get();
      System.out.println(response == null ? "NOTHING" : "ANSWER " + response.getCode() + " " + response.getResponseText());
    }
  }

  private static void serve(CoapEndpoint endpoint, DTLSConnector connector, int port) {
    CoapServer server = new CoapServer(endpoint.getConfig());
    server.addEndpoint(endpoint);
    server.add(new CoapResource("time") {
      @Override
      public void handleGET(CoapExchange exchange) {
        exchange.respond("from " + exchange.getSourcePort());
      }
    });
    server.start();
    System.out.println("READY");
  }

  static X509Certificate certificate(Path file) throws Exception {
    try (var stream = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  /** SEC 1 inside PKCS #8, which is all that Java reads: the head of PKCS #8 for P-256 in front of it. */
  static PrivateKey key(Path file) throws Exception {
    String text = Files.readString(file);
    byte[] bytes = Base64.getMimeDecoder().decode(text.replaceAll("-----[^-]*-----", ""));
    if (text.contains("EC PRIVATE KEY")) {
      byte[] head = {0x30, (byte) 0x81, (byte) (bytes.length + 25), 2, 1, 0, 0x30, 0x13, 6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1,
          6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7, 4, bytes.length < 128 ? (byte) bytes.length : 0};
      byte[] whole = Arrays.copyOf(head, head.length + bytes.length);
      System.arraycopy(bytes, 0, whole, head.length, bytes.length);
      whole[2] = (byte) (whole.length - 3);
      bytes = whole;
    }
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
  }
}
