import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.observation.CompositeObservation;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.node.TimestampedLwM2mNodes;
import org.eclipse.leshan.core.request.CancelCompositeObservationRequest;
import org.eclipse.leshan.core.request.CancelObservationRequest;
import org.eclipse.leshan.core.request.DiscoverRequest;
import org.eclipse.leshan.core.request.DownlinkRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ObserveCompositeRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadCompositeRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.SendRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.request.WriteCompositeRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttribute;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributeSet;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributes;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ObserveCompositeResponse;
import org.eclipse.leshan.core.response.ObserveResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.californium.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.server.californium.endpoint.coap.CoapOscoreServerEndpointFactory;
import org.eclipse.leshan.server.californium.endpoint.coap.CoapServerProtocolProvider;
import org.eclipse.leshan.server.californium.endpoint.coaps.CoapsServerProtocolProvider;
import org.eclipse.leshan.server.observation.ObservationListener;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.security.InMemorySecurityStore;
import org.eclipse.leshan.server.security.SecurityInfo;
import org.eclipse.leshan.server.send.SendListener;

/**
 * A DM server on Eclipse Leshan. Arguments: `PORT [psk|rpk|x509 ENDPOINT CID_LENGTH FOLDER]`: with a mode the port is of coaps and lets that endpoint in,
 * which is the identity too, with the key 0123456789abcdef, or has client.pem of FOLDER. Or `PORT oscore ENDPOINT SENDER_ID RECIPIENT_ID`, in hexadecimal as
 * the endpoint has them, with the Master Secret 0123456789abcdef. Prints one line an event; reads `ENDPOINT COMMAND PATH [VALUE]` with
 * COMMAND one of read-tlv, read-text, read-json, write, execute, discover, pmin, observe, cancel; read-composite, write-composite,
 * observe-composite and cancel-composite with PATH,PATH in place of the path, and cbor or json, or the value, behind; and `quit`.
 */
public class LeshanPlatform {
    public static void main(String[] arguments) throws Exception {
        CaliforniumServerEndpointsProvider.Builder endpoints = new CaliforniumServerEndpointsProvider.Builder(
                new CoapServerProtocolProvider(), new CoapsServerProtocolProvider());
        boolean oscore = arguments.length > 1 && arguments[1].equals("oscore");
        boolean isSecure = arguments.length > 1 && !oscore;
        if (oscore) {
            endpoints.addEndpoint(new CoapOscoreServerEndpointFactory(new URI("coap://127.0.0.1:" + arguments[0])));
        } else {
            endpoints.addEndpoint(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])),
                    isSecure ? Protocol.COAPS : Protocol.COAP);
        }
        LeshanServerBuilder builder = new LeshanServerBuilder();
        if (oscore) {
            InMemorySecurityStore store = new InMemorySecurityStore();
            store.add(SecurityInfo.newOscoreInfo(arguments[2], LeshanTerminal.oscore(arguments[4], arguments[3])));
            builder.setSecurityStore(store);
        }
        if (isSecure) {
            Configuration configuration = endpoints.createDefaultConfiguration();
            configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, Integer.parseInt(arguments[3]));
            configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
            // The certificate is of a server alone.
            configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.SERVER_ONLY);
            endpoints.setConfiguration(configuration);
            secure(builder, arguments[1], arguments[2], Path.of(arguments[4]));
        }
        builder.setEndpointsProviders(endpoints.build());
        LeshanServer server = builder.build();
        server.getRegistrationService().addListener(new RegistrationListener() {
            @Override
            public void registered(Registration current, Registration previous, Collection<Observation> observations) {
                System.out.println("REGISTERED " + current.getEndpoint() + " " + current.getLifeTimeInSec());
            }

            @Override
            public void updated(RegistrationUpdate update, Registration current, Registration previous) {
                System.out.println("UPDATED " + current.getEndpoint());
            }

            @Override
            public void unregistered(Registration registration, Collection<Observation> observations, boolean expired,
                    Registration current) {
                System.out.println((expired ? "EXPIRED " : "DEREGISTERED ") + registration.getEndpoint());
            }
        });
        server.getObservationService().addListener(new ObservationListener() {
            @Override
            public void newObservation(Observation observation, Registration registration) {
            }

            @Override
            public void cancelled(Observation observation) {
            }

            @Override
            public void onResponse(SingleObservation observation, Registration registration, ObserveResponse response) {
                System.out.println("NOTIFIED " + observation.getPath() + " " + response.getContent());
            }

            @Override
            public void onResponse(CompositeObservation observation, Registration registration,
                    ObserveCompositeResponse response) {
                System.out.println("NOTIFIED-COMPOSITE " + response.getContent());
            }

            @Override
            public void onError(Observation observation, Registration registration, Exception error) {
                System.out.println("NOTIFICATION-ERROR " + error);
            }
        });
        server.getSendService().addListener(new SendListener() {
            @Override
            public void dataReceived(Registration registration, TimestampedLwM2mNodes data, SendRequest request) {
                System.out.println("SENT " + registration.getEndpoint() + " " + data.getNodes());
            }

            @Override
            public void onError(Registration registration, String payload, Exception error) {
                System.out.println("SEND-ERROR " + error);
            }
        });
        server.start();
        System.out.println("LISTENING");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null && !line.equals("quit"); line = commands.readLine()) {
            String[] words = line.split(" ", 4);
            Registration registration = server.getRegistrationService().getByEndpoint(words[0]);
            LwM2mResponse response = registration == null ? null
                    : server.send(registration, request(server, registration, words), 10_000);
            System.out.println("ANSWER " + (response == null ? null : response.getCode() + " " + response));
        }
        server.destroy();
        System.exit(0);
    }

    private static void secure(LeshanServerBuilder builder, String mode, String endpoint, Path folder) throws Exception {
        InMemorySecurityStore store = new InMemorySecurityStore();
        X509Certificate own = CaliforniumDtls.certificate(folder.resolve("server.pem"));
        X509Certificate client = CaliforniumDtls.certificate(folder.resolve("client.pem"));
        builder.setPrivateKey(CaliforniumDtls.key(folder.resolve("server.key")));
        if (mode.equals("psk")) {
            store.add(SecurityInfo.newPreSharedKeyInfo(endpoint, endpoint, "0123456789abcdef".getBytes("ascii")));
        } else if (mode.equals("rpk")) {
            store.add(SecurityInfo.newRawPublicKeyInfo(endpoint, client.getPublicKey()));
            builder.setPublicKey(own.getPublicKey());
        } else {
            store.add(SecurityInfo.newX509CertInfo(endpoint));
            builder.setCertificateChain(new X509Certificate[] {own});
            builder.setTrustedCertificates(new X509Certificate[] {CaliforniumDtls.certificate(folder.resolve("ca.pem"))});
        }
        builder.setSecurityStore(store);
    }

    private static ContentFormat format(String name) {
        return name.equals("cbor") ? ContentFormat.SENML_CBOR : ContentFormat.SENML_JSON;
    }

    private static DownlinkRequest<?> request(LeshanServer server, Registration registration, String[] words) {
        String path = words[2];
        switch (words[1]) {
        case "read-tlv": return new ReadRequest(ContentFormat.TLV, path);
        case "read-text": return new ReadRequest(ContentFormat.TEXT, path);
        case "read-json": return new ReadRequest(ContentFormat.JSON, path);
        case "write": {
            String[] ids = path.substring(1).split("/");
            int object = Integer.parseInt(ids[0]), instance = Integer.parseInt(ids[1]), resource = Integer.parseInt(ids[2]);
            return words[3].matches("\\d+") ? new WriteRequest(object, instance, resource, Long.parseLong(words[3]))
                    : new WriteRequest(object, instance, resource, words[3]);
        }
        case "execute": return words.length > 3 ? new ExecuteRequest(path, words[3]) : new ExecuteRequest(path);
        case "discover": return new DiscoverRequest(path);
        case "pmin": return new WriteAttributesRequest(path, new LwM2mAttributeSet(
                LwM2mAttributes.create(LwM2mAttributes.MINIMUM_PERIOD, Long.parseLong(words[3]))));
        case "observe": return new ObserveRequest(path);
        case "cancel": {
            for (Observation observation : server.getObservationService().getObservations(registration)) {
                if (((SingleObservation) observation).getPath().toString().equals(path)) {
                    return new CancelObservationRequest((SingleObservation) observation);
                }
            }
            throw new IllegalArgumentException("no observation of " + path);
        }
        case "read-composite": return new ReadCompositeRequest(format(words[3]), format(words[3]), path.split(","));
        case "observe-composite": return new ObserveCompositeRequest(format(words[3]), format(words[3]), path.split(","));
        case "write-composite": {
            Map<String, Object> values = new HashMap<>();
            for (String one : path.split(",")) values.put(one, words[3].matches("\\d+") ? (Object) Long.valueOf(words[3]) : words[3]);
            return new WriteCompositeRequest(ContentFormat.SENML_CBOR, values);
        }
        case "cancel-composite": {
            for (Observation observation : server.getObservationService().getObservations(registration)) {
                if (observation instanceof CompositeObservation) {
                    return new CancelCompositeObservationRequest((CompositeObservation) observation);
                }
            }
            throw new IllegalArgumentException("no composite observation");
        }
        default: throw new IllegalArgumentException(words[1]);
        }
    }
}
