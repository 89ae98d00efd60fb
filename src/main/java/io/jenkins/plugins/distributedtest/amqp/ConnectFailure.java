package io.jenkins.plugins.distributedtest.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** An attempt to connect that failed, in words for people: what, where, and the way out. Never holds a password. */
final class ConnectFailure extends IOException {
    private static final long serialVersionUID = 1L;

    /** With these a broker turns down a user or a virtual host: RabbitMQ with the second, Qpid with the third. */
    private static final Set<Integer> REFUSALS =
            Set.of(AMQP.ACCESS_REFUSED, AMQP.NOT_ALLOWED, AMQP.NOT_FOUND, AMQP.INVALID_PATH);

    private final boolean refused;

    private ConnectFailure(String message, boolean refused, Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    /** Whether the broker has said no, so that trying again will hardly help. */
    boolean refused() {
        return refused;
    }

    /** Puts into words why connecting to an address failed. */
    static ConnectFailure of(BrokerAddress address, Exception e) {
        if (e instanceof AuthenticationFailureException || e instanceof PossibleAuthenticationFailureException) {
            return no(address, "refuses user \"" + address.username() + "\": wrong user name or password", e);
        }
        if (find(e, ShutdownSignalException.class) instanceof ShutdownSignalException closed
                && closed.getReason() instanceof AMQP.Connection.Close close) {
            return closedByBroker(address, close, e);
        }
        if (find(e, GeneralSecurityException.class) instanceof GeneralSecurityException security) {
            return no(address, "is not trusted: " + security.getMessage(), e);
        }
        if (find(e, SSLException.class) != null) {
            return yet(address, "does not speak TLS as we do: " + rootMessage(e), e);
        }
        return unreachable(address, e);
    }

    private static ConnectFailure closedByBroker(BrokerAddress address, AMQP.Connection.Close close, Exception e) {
        int code = close.getReplyCode();
        String text = close.getReplyText();
        if (REFUSALS.contains(code)) {
            String what =
                    "refuses user \"" + address.username() + "\" on virtual host \"" + address.virtualHost() + "\"";
            return no(address, what + ": " + text, e);
        }
        return yet(address, "closed the connection: " + text, e);
    }

    private static ConnectFailure unreachable(BrokerAddress address, Exception e) {
        if (e instanceof TimeoutException || find(e, SocketTimeoutException.class) != null) {
            return yet(address, "did not answer within " + BrokerConnection.CONNECT_TIMEOUT.toSeconds() + " s", e);
        }
        if (find(e, UnknownHostException.class) != null) {
            return yet(address, "cannot be found: host " + address.host() + " is unknown", e);
        }
        if (find(e, ConnectException.class) != null || find(e, NoRouteToHostException.class) != null) {
            return yet(address, "cannot be reached: " + rootMessage(e) + " (is it running?)", e);
        }
        return yet(address, "cannot be reached: " + rootMessage(e), e);
    }

    private static ConnectFailure no(BrokerAddress address, String what, Exception e) {
        return new ConnectFailure("Broker " + address + " " + what, true, e);
    }

    private static ConnectFailure yet(BrokerAddress address, String what, Exception e) {
        return new ConnectFailure("Broker " + address + " " + what, false, e);
    }

    private static Throwable find(Throwable e, Class<? extends Throwable> type) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return each;
            }
        }
        return null;
    }

    /** The message of the innermost cause, or its class if it has none. */
    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || message.isEmpty() ? root.getClass().getSimpleName() : message;
    }
}
