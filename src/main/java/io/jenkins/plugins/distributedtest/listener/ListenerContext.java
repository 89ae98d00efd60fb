package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.AMQP;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.util.concurrent.Executor;

/** What the parts of a listener have of it in common. All but the executors lives on the event loop. */
interface ListenerContext {
    /** The listener's id. */
    String id();

    /** Its host, for people. */
    String host();

    /** Its version. */
    String version();

    /**
     * What is added to a slot's number to have one that no other worker of this host has, whatever listener it belongs to.
     */
    long workerNumbers();

    /** How many slots it has. */
    int slots();

    /** The loop. */
    EventLoop loop();

    /** The connection; null while there is none. */
    BrokerSession session();

    /** Publishes so that nothing is lost, in order with all else that is published so. */
    void publish(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body);

    /** Runs an action once all that was published until now is with the broker or on its way; at once where it is. */
    void whenSent(Runnable action);

    /** Does something on a channel of its own; what goes wrong is logged. Nothing happens without a connection. */
    void onScratchChannel(Channels.Use use);

    /** Where work that ends a run is done: killing, closing callbacks, removing workspaces. */
    Executor closers();

    /** What is counted. */
    ListenerMetrics metrics();

    /** Something went wrong: to the log and the status. */
    void problem(String text);

    /** A message was refused: to the log, the status and the counters. */
    void refused(String text);

    /** A file has been run. */
    void fileRun();

    /** The status has changed. */
    void changed();
}
