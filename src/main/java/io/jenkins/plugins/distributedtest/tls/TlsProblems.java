package io.jenkins.plugins.distributedtest.tls;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/** Says in words why a connection was not made, where the reason is buried in exceptions of the TLS library. */
public final class TlsProblems {
    private TlsProblems() {}

    /**
     * What went wrong, for people: who does not trust whom; for anything but TLS the exception's message.
     *
     * @param e what was thrown by connecting
     */
    public static String inWords(Throwable e) {
        boolean tls = false;
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof GeneralSecurityException) {
                return "its certificate is not trusted: " + message(each);
            }
            tls |= each instanceof SSLException;
        }
        return tls ? "it refuses TLS as we speak it: " + message(e) : message(e);
    }

    private static String message(Throwable e) {
        return e.getMessage() == null || e.getMessage().isEmpty() ? e.toString() : e.getMessage();
    }
}
