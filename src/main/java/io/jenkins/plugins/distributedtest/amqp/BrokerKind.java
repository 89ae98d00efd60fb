package io.jenkins.plugins.distributedtest.amqp;

import java.util.Map;

/** What a broker can do beyond the protocol, known by the product that it says it is. */
public enum BrokerKind {
    /** RabbitMQ: queues that nobody uses can expire, and asking for what does not exist costs a channel. */
    RABBITMQ,
    /**
     * Any other, such as the embedded broker (Qpid Broker-J): queues live until they are deleted, and reading one that
     * does not exist costs the whole connection.
     */
    OTHER;

    /**
     * Tells a broker's kind.
     *
     * @param product what it calls itself when a client connects; empty if it does not say
     */
    static BrokerKind of(String product) {
        return product.contains("RabbitMQ") ? RABBITMQ : OTHER;
    }

    /** Whether a queue can be declared so that it goes when it is unused for some time. */
    public boolean expiresQueues() {
        return this == RABBITMQ;
    }

    /**
     * What a queue is declared with that keeps messages of a high priority before the others. RabbitMQ has that in classic
     * queues only, which need not be a virtual host's default.
     */
    Map<String, Object> twoPriorities() {
        return this == RABBITMQ
                ? Map.of("x-max-priority", 1, "x-queue-type", "classic")
                : Map.of("x-qpid-priorities", 2);
    }

    /** Whether consuming or reading a queue that does not exist closes the channel only, as the protocol has it. */
    public boolean survivesMissingQueues() {
        return this == RABBITMQ;
    }
}
