package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.tls.Tls;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text form of broker addresses, after RabbitMQ's URI specification. */
final class BrokerUri {
    private static final List<String> PARAMETERS = List.of("cacertfile", "certfile", "keyfile", "fingerprint");

    private BrokerUri() {}

    static BrokerAddress parse(String text) {
        URI uri = uri(text);
        boolean secure = "amqps".equalsIgnoreCase(uri.getScheme());
        if (!secure && !"amqp".equalsIgnoreCase(uri.getScheme())) {
            throw wrong(text, "it should begin with amqp:// or amqps://");
        }
        if (uri.getHost() == null) {
            throw wrong(text, "it names no host, as in amqp://user:password@host:port/vhost");
        }
        if (uri.getPort() > 65535 || uri.getPort() == 0) {
            throw wrong(text, "port " + uri.getPort() + " is not between 1 and 65535");
        }
        int port = uri.getPort() != -1 ? uri.getPort() : secure ? 5671 : 5672;
        String[] login = login(uri.getRawUserInfo());
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        Map<String, String> parameters = parameters(text, uri.getRawQuery());
        if (!secure && !parameters.isEmpty()) {
            throw wrong(text, "\"" + parameters.keySet().iterator().next() + "\" goes with amqps:// only");
        }
        try {
            return new BrokerAddress(
                    host,
                    port,
                    virtualHost(text, uri.getRawPath()),
                    login[0],
                    login[1],
                    secure ? tls(parameters) : null);
        } catch (IllegalArgumentException e) {
            throw wrong(text, e.getMessage());
        }
    }

    private static URI uri(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            throw wrong(text, e.getReason() + "; special characters are to be percent-encoded");
        }
    }

    private static String[] login(String userInfo) {
        if (userInfo == null) {
            return new String[] {"guest", "guest"};
        }
        int colon = userInfo.indexOf(':');
        if (colon < 0) {
            return new String[] {decode(userInfo), "guest"};
        }
        return new String[] {decode(userInfo.substring(0, colon)), decode(userInfo.substring(colon + 1))};
    }

    private static String virtualHost(String text, String path) {
        if (path == null || path.length() <= 1) {
            return "/";
        }
        if (path.indexOf('/', 1) >= 0) {
            throw wrong(text, "a slash within the virtual host is written %2F");
        }
        return decode(path.substring(1));
    }

    private static Map<String, String> parameters(String text, String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String each : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            String[] pair = each.split("=", 2);
            if (pair.length != 2 || !PARAMETERS.contains(pair[0])) {
                throw wrong(text, "unknown parameter \"" + pair[0] + "\"; there are " + String.join(", ", PARAMETERS));
            }
            parameters.put(pair[0], decode(pair[1]));
        }
        return parameters;
    }

    private static Tls tls(Map<String, String> parameters) {
        return new Tls(
                path(parameters.get("cacertfile")),
                path(parameters.get("certfile")),
                path(parameters.get("keyfile")),
                parameters.get("fingerprint"));
    }

    private static Path path(String name) {
        return name == null ? null : Path.of(name);
    }

    /** Percent-decodes; a plus sign stays one, unlike in forms. */
    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(Object part) {
        return URLEncoder.encode(part.toString(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String format(BrokerAddress address) {
        StringBuilder uri = new StringBuilder(address.tls() == null ? "amqp://" : "amqps://")
                .append(encode(address.username()))
                .append(':')
                .append(encode(address.password()))
                .append('@')
                .append(BrokerAddress.bracketed(address.host()))
                .append(':')
                .append(address.port());
        if (!address.virtualHost().equals("/")) {
            uri.append('/').append(encode(address.virtualHost()));
        }
        if (address.tls() != null) {
            Tls tls = address.tls();
            Object[] values = {tls.caFile(), tls.certificateFile(), tls.keyFile(), tls.fingerprint()};
            char separator = '?';
            for (int i = 0; i < values.length; i++) {
                if (values[i] != null) {
                    uri.append(separator).append(PARAMETERS.get(i)).append('=').append(encode(values[i]));
                    separator = '&';
                }
            }
        }
        return uri.toString();
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("Not the URI of a broker: " + redacted(text) + ": " + why);
    }

    /** Blots out everything between the scheme and the last at sign: however malformed, it may hold a password. */
    static String redacted(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        if (at < 0) {
            return text;
        }
        return (scheme >= 0 && scheme < at ? text.substring(0, scheme + 3) : "") + "…" + text.substring(at);
    }
}
