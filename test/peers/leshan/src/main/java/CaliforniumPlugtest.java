import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.WebLink;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;

/** ETSI's CoAP plugtest cases, asked by Californium's client. `PASS id` or `FAIL id why`, a line a case. */
public final class CaliforniumPlugtest {
    private static String base;

    private interface Case {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        CoapConfig.register();
        UdpConfig.register();
        Configuration.setStandard(new Configuration());
        base = arguments[0];
        String[][] exchanges = {
            {"01", "GET", "CON"}, {"02", "DELETE", "CON"}, {"03", "PUT", "CON"}, {"04", "POST", "CON"},
            {"05", "GET", "NON"}, {"06", "DELETE", "NON"}, {"07", "PUT", "NON"}, {"08", "POST", "NON"},
        };
        for (String[] exchange : exchanges) judge("TD_COAP_CORE_" + exchange[0], () -> exchange(exchange[1], exchange[2].equals("CON")));
        judge("TD_COAP_CORE_09", () -> {
            Response response = ask(request(Code.GET, "/separate", true));
            same(response.getType(), Type.CON, "type");
            same(response.getPayloadString(), "separate", "payload");
        });
        judge("TD_COAP_CORE_10", () -> {
            Request get = request(Code.GET, "/test", true);
            Token token = new Token(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            get.setToken(token);
            same(ask(get).getToken(), token, "token");
        });
        judge("TD_COAP_CORE_11", () -> {
            Request get = request(Code.GET, "/separate", true);
            Token token = new Token(new byte[] {9, 8, 7});
            get.setToken(token);
            same(ask(get).getToken(), token, "token");
        });
        judge("TD_COAP_CORE_12", () -> {
            Request get = request(Code.GET, "/test", true);
            get.setToken(Token.EMPTY);
            Response response = ask(get);
            same(response.getToken(), Token.EMPTY, "token");
            same(response.getPayloadString(), "test", "payload");
        });
        judge("TD_COAP_CORE_13", () -> same(ask(request(Code.GET, "/seg1/seg2/seg3", true)).getPayloadString(), "segments", "payload"));
        judge("TD_COAP_CORE_14", () -> same(ask(request(Code.GET, "/query?first=1&second=2&third=3", true)).getPayloadString(), "first=1 second=2 third=3", "payload"));
        judge("TD_COAP_CORE_17", () -> {
            Response response = ask(request(Code.GET, "/separate", false));
            same(response.getType(), Type.NON, "type");
            same(response.getPayloadString(), "separate", "payload");
        });
        judge("TD_COAP_CORE_18", () -> same(ask(post("/test")).getOptions().getLocationPathString(), "location1/location2", "Location-Path"));
        judge("TD_COAP_CORE_19", () -> same(ask(post("/location-query")).getOptions().getLocationQuery(), List.of("first=1", "second=2"), "Location-Query"));
        judge("TD_COAP_CORE_20", () -> {
            for (int format : new int[] {0, 41}) {
                Request get = request(Code.GET, "/multi-format", true);
                get.getOptions().setAccept(format);
                Response response = ask(get);
                same(response.getCode(), ResponseCode.CONTENT, "code");
                same(response.getOptions().getContentFormat(), format, "Content-Format");
            }
            Request get = request(Code.GET, "/multi-format", true);
            get.getOptions().setAccept(50);
            same(ask(get).getCode(), ResponseCode.NOT_ACCEPTABLE, "code");
        });
        judge("TD_COAP_CORE_21", () -> {
            byte[] etag = ask(request(Code.GET, "/validate", true)).getOptions().getETags().get(0);
            Request again = request(Code.GET, "/validate", true);
            again.getOptions().addETag(etag);
            same(ask(again).getCode(), ResponseCode.VALID, "code");
            same(ask(put("/validate")).getCode(), ResponseCode.CHANGED, "code of PUT");
            Request changed = request(Code.GET, "/validate", true);
            changed.getOptions().addETag(etag);
            same(ask(changed).getCode(), ResponseCode.CONTENT, "code of what changed");
        });
        judge("TD_COAP_CORE_22", () -> {
            byte[] etag = ask(request(Code.GET, "/validate", true)).getOptions().getETags().get(0);
            for (ResponseCode expected : new ResponseCode[] {ResponseCode.CHANGED, ResponseCode.PRECONDITION_FAILED}) {
                Request put = put("/validate");
                put.getOptions().addIfMatch(etag);
                same(ask(put).getCode(), expected, "code");
            }
        });
        judge("TD_COAP_CORE_23", () -> {
            for (ResponseCode expected : new ResponseCode[] {ResponseCode.CREATED, ResponseCode.PRECONDITION_FAILED}) {
                Request put = put("/create1");
                put.getOptions().setIfNoneMatch(true);
                same(ask(put).getCode(), expected, "code");
            }
        });
        judge("TD_COAP_LINK_01", () -> same(targets(""), Set.of("/test", "/separate", "/seg1/seg2/seg3", "/query", "/location-query", "/multi-format", "/validate", "/create1", "/large", "/large-update", "/obs"), "links"));
        judge("TD_COAP_LINK_02", () -> same(targets("rt=Type1"), Set.of("/test", "/seg1/seg2/seg3"), "links"));
        judge("TD_COAP_LINK_05", () -> same(targets("if=If*"), Set.of("/test", "/separate"), "links"));
        judge("TD_COAP_LINK_07", () -> same(targets("href=/seg1*"), Set.of("/seg1/seg2/seg3"), "links"));
        judge("TD_COAP_BLOCK_01", () -> same(ask(request(Code.GET, "/large", true)).getPayloadString(), "0123456789".repeat(200), "payload"));
        judge("TD_COAP_BLOCK_03", () -> {
            Request put = request(Code.PUT, "/large-update", true);
            put.setPayload("abcdefghij".repeat(200));
            same(ask(put).getCode(), ResponseCode.CHANGED, "code");
            same(ask(request(Code.GET, "/large-update", true)).getPayloadString(), "abcdefghij".repeat(200), "payload");
        });
        judge("TD_COAP_OBS_01", CaliforniumPlugtest::observe);
        judge("TD_COAP_OBS_07", () -> {
            List<String> heard = new ArrayList<>();
            CountDownLatch gone = new CountDownLatch(1);
            CoapClient client = new CoapClient(base + "/obs");
            CoapObserveRelation relation = client.observeAndWait(new CoapHandler() {
                public void onLoad(CoapResponse response) {
                    heard.add(response.getCode().toString());
                    if (response.getCode() == ResponseCode.NOT_FOUND) gone.countDown();
                }
                public void onError() {
                    gone.countDown();
                }
            });
            same(relation.isCanceled(), false, "cancelled");
            same(ask(request(Code.DELETE, "/obs", true)).getCode(), ResponseCode.DELETED, "code of DELETE");
            same(gone.await(10, TimeUnit.SECONDS), true, "the end was told");
            same(heard.get(heard.size() - 1), "4.04", "last notification");
            client.shutdown();
        });
        System.out.println("DONE");
        System.exit(0);
    }

    /** Observes, hears a change, stops, and hears no other. */
    private static void observe() throws Exception {
        List<String> heard = new ArrayList<>();
        CountDownLatch changed = new CountDownLatch(3);
        CoapClient client = new CoapClient(base + "/obs");
        CoapObserveRelation relation = client.observeAndWait(new CoapHandler() {
            public void onLoad(CoapResponse response) {
                heard.add(response.getResponseText());
                changed.countDown();
            }
            public void onError() {
                heard.add("error");
            }
        });
        same(relation.isCanceled(), false, "cancelled");
        for (int i = 0; i < 2; i++) same(ask(put("/obs")).getCode(), ResponseCode.CHANGED, "code of PUT");
        same(changed.await(10, TimeUnit.SECONDS), true, "notifications came");
        relation.proactiveCancel();
        ask(request(Code.GET, "/test", true));
        int count = heard.size();
        ask(put("/obs"));
        ask(request(Code.GET, "/separate", true));
        same(heard.size() <= count + 1, true, "silence after the end");
        client.shutdown();
    }

    private static void exchange(String method, boolean confirmable) throws Exception {
        Request request = request(Code.valueOf(method), "/test", confirmable);
        if (method.startsWith("P")) request.setPayload("plugtest");
        Response response = ask(request);
        same(response.getType(), confirmable ? Type.ACK : Type.NON, "type");
        ResponseCode expected =
            method.equals("GET") ? ResponseCode.CONTENT
            : method.equals("DELETE") ? ResponseCode.DELETED
            : method.equals("PUT") ? ResponseCode.CHANGED
            : ResponseCode.CREATED;
        same(response.getCode(), expected, "code");
        if (method.equals("GET")) same(response.getOptions().getContentFormat(), 0, "Content-Format");
    }

    private static Set<String> targets(String query) throws Exception {
        CoapClient client = new CoapClient(base);
        Set<WebLink> links = client.discover(query.isEmpty() ? null : query);
        client.shutdown();
        Set<String> found = new java.util.HashSet<>();
        for (WebLink link : links) if (!link.getURI().startsWith("/.well-known")) found.add(link.getURI());
        return found;
    }

    private static Request request(Code code, String path, boolean confirmable) {
        Request request = new Request(code, confirmable ? CoAP.Type.CON : CoAP.Type.NON);
        request.setURI(base + path);
        return request;
    }

    private static Request put(String path) {
        Request request = request(Code.PUT, path, true);
        request.setPayload("new");
        return request;
    }

    private static Request post(String path) {
        Request request = request(Code.POST, path, true);
        request.setPayload("plugtest");
        return request;
    }

    private static Response ask(Request request) throws Exception {
        Response response = request.send().waitForResponse(10_000);
        if (response == null) throw new Exception("no answer");
        return response;
    }

    private static void same(Object is, Object expected, String what) throws Exception {
        if (!expected.equals(is)) throw new Exception(what + " is " + is + ", not " + expected);
    }

    private static void judge(String id, Case one) {
        try {
            one.run();
            System.out.println("PASS " + id);
        } catch (Exception wrong) {
            System.out.println("FAIL " + id + " " + wrong);
        }
    }
}
