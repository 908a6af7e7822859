import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.californium.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.client.californium.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.client.californium.endpoint.coap.CoapOscoreProtocolProvider;
import org.eclipse.leshan.client.californium.endpoint.coaps.CoapsClientProtocolProvider;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.object.Oscore;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.client.send.ManualDataSender;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.LwM2mId;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.oscore.OscoreSetting;
import org.eclipse.leshan.core.request.BootstrapRequest;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.DeregisterRequest;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;
import org.eclipse.leshan.core.util.Hex;

/**
 * A terminal on Eclipse Leshan's client. Arguments: `register|bootstrap URI ENDPOINT LIFETIME [psk|rpk|x509 CID_LENGTH FOLDER SERVER_CERTIFICATE]`:
 * the endpoint is the identity too, with the key 0123456789abcdef; FOLDER has client.pem and client.key. Or `… LIFETIME oscore SENDER_ID
 * RECIPIENT_ID`, in hexadecimal, with the Master Secret 0123456789abcdef. Prints one line an event;
 * reads `battery N`, `update`, `send FORMAT PATH…`, `collect PATH…`, `send-collected FORMAT` and `quit` from standard input.
 */
public class LeshanTerminal {
    public static class PeerDevice extends BaseInstanceEnabler {
        private int battery = 80;
        private String timezone = "Asia/Shanghai";

        void battery(int level) {
            battery = level;
            fireResourceChange(9);
        }

        @Override
        public ReadResponse read(LwM2mServer server, int resource) {
            switch (resource) {
            case 0: return ReadResponse.success(resource, "Leshan");
            case 1: return ReadResponse.success(resource, "peer");
            case 9: return ReadResponse.success(resource, battery);
            case 11: return ReadResponse.success(resource, Collections.singletonMap(0, 0L), org.eclipse.leshan.core.model.ResourceModel.Type.INTEGER);
            case 15: return ReadResponse.success(resource, timezone);
            case 16: return ReadResponse.success(resource, "U");
            default: return super.read(server, resource);
            }
        }

        @Override
        public WriteResponse write(LwM2mServer server, boolean replace, int resource, LwM2mResource value) {
            if (resource != 15) return super.write(server, replace, resource, value);
            timezone = (String) value.getValue();
            System.out.println("WRITTEN " + timezone);
            return WriteResponse.success();
        }

        @Override
        public ExecuteResponse execute(LwM2mServer server, int resource, Arguments arguments) {
            if (resource != 4) return super.execute(server, resource, arguments);
            System.out.println("EXECUTED " + arguments.serialize());
            return ExecuteResponse.success();
        }

        @Override
        public List<Integer> getAvailableResourceIds(ObjectModel model) {
            return Arrays.asList(0, 1, 4, 9, 11, 15, 16);
        }
    }

    private static void send(LeshanClient client, String[] words) throws Exception {
        List<String> paths = Arrays.asList(words).subList(2, words.length);
        for (LwM2mServer server : client.getRegisteredServers().values()) {
            System.out.println("SENT " + client.getSendService().sendData(server, format(words[1]), paths, 5_000).getCode());
        }
    }

    private static void collect(LeshanClient client, String[] words) {
        List<LwM2mPath> paths = new java.util.ArrayList<>();
        for (String path : Arrays.asList(words).subList(1, words.length)) paths.add(new LwM2mPath(path));
        sender(client).collectData(paths);
        System.out.println("COLLECTED");
    }

    private static void sendCollected(LeshanClient client, String[] words) throws Exception {
        for (LwM2mServer server : client.getRegisteredServers().values()) {
            sender(client).sendCollectedData(server, format(words[1]), 5_000, false);
            System.out.println("SENT what was collected");
        }
    }

    private static ManualDataSender sender(LeshanClient client) {
        return client.getSendService().getDataSender(ManualDataSender.DEFAULT_NAME, ManualDataSender.class);
    }

    private static ContentFormat format(String name) {
        return name.equals("cbor") ? ContentFormat.SENML_CBOR : ContentFormat.SENML_JSON;
    }

    private static Security security(String[] arguments, boolean bootstrap) throws Exception {
        String uri = arguments[1];
        if (arguments.length < 5) return bootstrap ? Security.noSecBootstrap(uri) : Security.noSec(uri, 101);
        byte[] identity = arguments[2].getBytes("utf-8");
        byte[] key = "0123456789abcdef".getBytes("ascii");
        if (arguments[4].equals("oscore")) {
            return bootstrap ? Security.oscoreOnlyBootstrap(uri, 0) : Security.oscoreOnly(uri, 101, 0);
        }
        if (arguments[4].equals("psk")) {
            return bootstrap ? Security.pskBootstrap(uri, identity, key) : Security.psk(uri, 101, identity, key);
        }
        Path folder = Path.of(arguments[6]);
        X509Certificate own = CaliforniumDtls.certificate(folder.resolve("client.pem"));
        X509Certificate server = CaliforniumDtls.certificate(Path.of(arguments[7]));
        byte[] secret = CaliforniumDtls.key(folder.resolve("client.key")).getEncoded();
        return arguments[4].equals("rpk")
                ? Security.rpk(uri, 101, own.getPublicKey().getEncoded(), secret, server.getPublicKey().getEncoded())
                : Security.x509(uri, 101, own.getEncoded(), secret, server.getEncoded());
    }

    /** A security context with the default algorithms and no Master Salt. */
    static OscoreSetting oscore(String senderId, String recipientId) throws Exception {
        return new OscoreSetting(Hex.decodeHex(senderId.toCharArray()), Hex.decodeHex(recipientId.toCharArray()),
                "0123456789abcdef".getBytes("ascii"));
    }

    public static void main(String[] arguments) throws Exception {
        boolean bootstrap = arguments[0].equals("bootstrap");
        PeerDevice device = new PeerDevice();
        ObjectsInitializer objects = new ObjectsInitializer();
        objects.setInstancesForObject(LwM2mId.SECURITY, security(arguments, bootstrap));
        if (bootstrap) objects.setClassForObject(LwM2mId.SERVER, Server.class);
        else objects.setInstancesForObject(LwM2mId.SERVER, new Server(101, Integer.parseInt(arguments[3])));
        objects.setInstancesForObject(LwM2mId.DEVICE, device);
        boolean oscore = arguments.length > 4 && arguments[4].equals("oscore");
        if (oscore) objects.setInstancesForObject(LwM2mId.OSCORE, new Oscore(0, oscore(arguments[5], arguments[6])));
        LeshanClientBuilder builder = new LeshanClientBuilder(arguments[2]);
        builder.setObjects(objects.createAll());
        builder.setDataSenders(new ManualDataSender());
        CaliforniumClientEndpointsProvider.Builder endpoints = new CaliforniumClientEndpointsProvider.Builder(
                oscore ? new CoapOscoreProtocolProvider() : new CoapClientProtocolProvider(), new CoapsClientProtocolProvider());
        Configuration configuration = endpoints.createDefaultConfiguration();
        if (arguments.length > 5 && !oscore) {
            configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, Integer.parseInt(arguments[5]));
            configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
        }
        endpoints.setConfiguration(configuration);
        builder.setEndpointsProviders(endpoints.build());
        LeshanClient client = builder.build();
        client.addObserver(new LwM2mClientObserverAdapter() {
            @Override
            public void onBootstrapSuccess(LwM2mServer server, BootstrapRequest request) {
                System.out.println("BOOTSTRAPPED");
            }

            @Override
            public void onRegistrationSuccess(LwM2mServer server, RegisterRequest request, String id) {
                System.out.println("REGISTERED " + id);
            }

            @Override
            public void onUpdateSuccess(LwM2mServer server, UpdateRequest request) {
                System.out.println("UPDATED");
            }

            @Override
            public void onDeregistrationSuccess(LwM2mServer server, DeregisterRequest request) {
                System.out.println("DEREGISTERED");
            }
        });
        client.start();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null && !line.equals("quit"); line = commands.readLine()) {
            if (line.startsWith("battery ")) device.battery(Integer.parseInt(line.substring(8)));
            else if (line.equals("update")) client.triggerRegistrationUpdate();
            else if (line.startsWith("send ")) send(client, line.split(" "));
            else if (line.startsWith("collect ")) collect(client, line.split(" "));
            else if (line.startsWith("send-collected ")) sendCollected(client, line.split(" "));
        }
        client.destroy(true);
        System.out.println("STOPPED");
        System.exit(0);
    }
}
