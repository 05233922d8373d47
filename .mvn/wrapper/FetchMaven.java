import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipInputStream;

/// Fetches a Maven release, checks it and unpacks it: `FetchMaven URL SHA512 HOME`. Run by ./mvnw.
public final class FetchMaven {
  private FetchMaven() {}

  public static void main(String[] args) throws Exception {
    var url = URI.create(args[0]);
    var home = Path.of(args[2]);
    var zip = Files.createTempFile(home.getParent(), "maven", ".zip");
    try {
      download(url, zip);
      var found =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(zip)));
      if (!found.equals(args[1])) {
        throw new IOException(
            url + " has SHA-512 " + found + ", expected " + args[1] + ": not used");
      }
      var fresh = Files.createTempDirectory(home.getParent(), "maven");
      unpack(zip, fresh);
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(zip);
    }
  }

  private static void download(URI url, Path zip) throws IOException, InterruptedException {
    try (var client =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofFile(zip));
      if (answer.statusCode() != 200) {
        throw new IOException(url + " answered " + answer.statusCode());
      }
    }
  }

  /// The zip has one top folder, which is left out.
  private static void unpack(Path zip, Path home) throws IOException {
    try (var in = new ZipInputStream(Files.newInputStream(zip))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        var name = Path.of(entry.getName());
        if (entry.isDirectory() || name.getNameCount() < 2) {
          continue;
        }
        var file = home.resolve(name.subpath(1, name.getNameCount()).toString()).normalize();
        if (!file.startsWith(home)) {
          throw new IOException("entry leaves the folder: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(in, file);
      }
    }
  }
}
