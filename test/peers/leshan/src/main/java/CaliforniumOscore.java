import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.cose.AlgorithmID;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.Bytes;
import org.eclipse.californium.oscore.HashMapCtxDB;
import org.eclipse.californium.oscore.OSCoreCoapStackFactory;
import org.eclipse.californium.oscore.OSCoreCtx;
import org.eclipse.californium.oscore.OSCoreResource;

/**
 * Californium with OSCORE, the other side of the credentials of `support/oscore.ts`. A server has /time, /store and /count; a client
 * reads `get PATH`, `put PATH TEXT` and `observe PATH` on its standard input.
 * CaliforniumOscore client|server PORT ALGORITHM ID_CONTEXT|- [rederive]
 */
public final class CaliforniumOscore {
  private static final HexFormat HEX = HexFormat.of();

  public static void main(String[] arguments) throws Exception {
    CoapConfig.register();
    boolean isClient = arguments[0].equals("client");
    int port = Integer.parseInt(arguments[1]);
    byte[] idContext = arguments[3].equals("-") ? null : HEX.parseHex(arguments[3]);
    OSCoreCtx context = new OSCoreCtx(
        HEX.parseHex("0102030405060708090a0b0c0d0e0f10"), isClient, AlgorithmID.valueOf(arguments[2]), new byte[] {2},
        new byte[] {1}, AlgorithmID.HKDF_HMAC_SHA_256, 32, HEX.parseHex("9e7ca92223786340"), idContext, 4096);
    if (idContext != null) context.setIncludeContextId(true);
    if (arguments.length > 4) context.setContextRederivationEnabled(true);
    HashMapCtxDB contexts = new HashMapCtxDB();
    String uri = "coap://127.0.0.1:" + port;
    if (isClient) contexts.addContext(uri, context);
    else contexts.addContext(context);
    CoapEndpoint endpoint = new CoapEndpoint.Builder()
        .setConfiguration(Configuration.createStandardWithoutFile())
        .setInetSocketAddress(new InetSocketAddress("127.0.0.1", isClient ? 0 : port))
        .setCoapStackFactory(new OSCoreCoapStackFactory())
        .setCustomCoapStackArgument(contexts)
        .build();
    if (isClient) ask(endpoint, uri);
    else serve(endpoint);
  }

  private static void serve(CoapEndpoint endpoint) throws Exception {
    CoapServer server = new CoapServer(Configuration.createStandardWithoutFile());
    server.addEndpoint(endpoint);
    server.add(new OSCoreResource("time", true) {
      @Override public void handleGET(CoapExchange exchange) {
        exchange.respond("noon");
      }
    });
    server.add(new OSCoreResource("store", true) {
      private String content = "";

      @Override public void handleGET(CoapExchange exchange) {
        exchange.respond(content);
      }

      @Override public void handlePUT(CoapExchange exchange) {
        content = exchange.getRequestText();
        exchange.respond(ResponseCode.CHANGED);
      }
    });
    CoapResource count = new CoapResource("count") {
      private int count = 0;

      @Override public void handleGET(CoapExchange exchange) {
        exchange.respond("count " + count);
      }

      @Override public void handlePOST(CoapExchange exchange) {
        count++;
        exchange.respond(ResponseCode.CHANGED);
        changed();
      }
    };
    count.setObservable(true);
    server.add(count);
    server.start();
    System.out.println("READY");
  }

  private static void ask(CoapEndpoint endpoint, String uri) throws Exception {
    CoapClient client = new CoapClient();
    client.setEndpoint(endpoint);
    client.setTimeout(20_000L);
    endpoint.start();
    System.out.println("READY");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null;) {
      String[] words = line.split(" ", 3);
      boolean isPut = words[0].equals("put");
      Request request = isPut ? Request.newPut() : Request.newGet();
      if (isPut) request.setPayload(words[2]);
      request.setURI(uri + words[1]);
      request.getOptions().setOscore(Bytes.EMPTY);
      if (words[0].equals("observe")) {
        request.setObserve();
        client.observe(request, new CoapHandler() {
          @Override public void onLoad(CoapResponse response) {
            System.out.println("SEEN " + response.getResponseText());
          }

          @Override public void onError() {
            System.out.println("FAILED observation");
          }
        });
        continue;
      }
      CoapResponse response = client.advanced(request);
      if (response == null) System.out.println("FAILED");
      else System.out.println("ANSWER " + response.getCode() + " " + response.getResponseText());
    }
  }
}
