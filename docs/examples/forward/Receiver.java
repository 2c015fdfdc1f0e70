// Receives events from `paycools forward`. JDK 17 and later, no packages: PORT=3000 FORWARD_SECRET=whsec_… java Receiver.java
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Receiver {
  private static final long TOLERANCE_S = 5 * 60;

  /** Whether the body, as received, was signed with the secret within the last minutes. */
  static boolean isGenuine(String secret, String id, String timestamp, String signatures, byte[] body)
      throws GeneralSecurityException {
    if (id == null || timestamp == null || signatures == null || !timestamp.matches("\\d{1,12}")) return false;
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > TOLERANCE_S) return false;
    byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
    boolean isGenuine = false;
    for (String given : signatures.split(" ")) {
      isGenuine |= MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
    }
    return isGenuine;
  }

  /** A member of the event. Your application has a JSON library for this. */
  private static String member(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    return found.find() ? found.group(1) : "";
  }

  private static void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var headers = exchange.getRequestHeaders();
    int status = 401;
    try {
      if (isGenuine(
          System.getenv("FORWARD_SECRET"),
          headers.getFirst("webhook-id"),
          headers.getFirst("webhook-timestamp"),
          headers.getFirst("webhook-signature"),
          body)) {
        String event = new String(body, StandardCharsets.UTF_8);
        // An event can arrive twice: record its id in the transaction of what you do with it.
        System.out.println("received " + member(event, "type") + " " + member(event, "subject"));
        status = 204; // any 2xx completes the event; everything else is retried
      }
    } catch (GeneralSecurityException error) {
      status = 500;
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext("/", Receiver::receive);
    server.start();
    System.out.println("waits for events");
  }
}
