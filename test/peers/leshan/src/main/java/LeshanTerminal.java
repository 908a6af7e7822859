import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.californium.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.client.californium.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.LwM2mId;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.request.BootstrapRequest;
import org.eclipse.leshan.core.request.DeregisterRequest;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;

/**
 * A terminal on Eclipse Leshan's client. Arguments: `register|bootstrap URI ENDPOINT LIFETIME`. Prints one line an event;
 * reads `battery N`, `update` and `quit` from standard input.
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

    public static void main(String[] arguments) throws Exception {
        boolean bootstrap = arguments[0].equals("bootstrap");
        PeerDevice device = new PeerDevice();
        ObjectsInitializer objects = new ObjectsInitializer();
        objects.setInstancesForObject(LwM2mId.SECURITY,
                bootstrap ? Security.noSecBootstrap(arguments[1]) : Security.noSec(arguments[1], 101));
        if (bootstrap) objects.setClassForObject(LwM2mId.SERVER, Server.class);
        else objects.setInstancesForObject(LwM2mId.SERVER, new Server(101, Integer.parseInt(arguments[3])));
        objects.setInstancesForObject(LwM2mId.DEVICE, device);
        LeshanClientBuilder builder = new LeshanClientBuilder(arguments[2]);
        builder.setObjects(objects.createAll());
        builder.setEndpointsProviders(
                new CaliforniumClientEndpointsProvider.Builder(new CoapClientProtocolProvider()).build());
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
        }
        client.destroy(true);
        System.out.println("STOPPED");
        System.exit(0);
    }
}
