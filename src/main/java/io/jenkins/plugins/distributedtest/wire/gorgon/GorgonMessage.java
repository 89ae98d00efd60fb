package io.jenkins.plugins.distributedtest.wire.gorgon;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The messages of Gorgon's wire protocol (version 0.11.1), one record each, both directions. The name of a file travels
 * apart from these: as the raw body of a message in the files queue, with our {@link GorgonCodec#LEASE_HEADER} header.
 *
 * <p>Our additions ride on Gorgon's messages as extra keys, which Ruby peers ignore: a {@link JobDefinition} of ours
 * has an {@link Extension}; a listener of ours that sees one adds {@link Ours} to its {@link Start} and
 * {@link Finish} and sends {@linkplain Native native messages} about the run ({@code preparing}, {@code ready},
 * {@code heartbeat}, {@code left}) to the reply exchange. Without an extension it sends Gorgon's messages and nothing
 * else.
 */
public sealed interface GorgonMessage {

    // ---- to every listener of a cluster through gorgon.jobs, or to one through its job queue

    /**
     * Invites listeners to a run.
     *
     * @param fileQueueName the queue of file paths
     * @param replyExchangeName the exchange for everything that answers; the routing key is empty
     * @param sync how to get the sources; null when the sender left it out
     * @param callbacksClassFile the Ruby file with the callbacks, relative to the project; null if there is none
     * @param extension what our originators add; null from a Ruby originator
     */
    record JobDefinition(
            String fileQueueName, String replyExchangeName, Sync sync, String callbacksClassFile, Extension extension)
            implements GorgonMessage {
        /** Checks that the names are there. */
        public JobDefinition {
            Objects.requireNonNull(fileQueueName, "fileQueueName");
            Objects.requireNonNull(replyExchangeName, "replyExchangeName");
        }
    }

    /**
     * Gorgon's sync, by rsync.
     *
     * @param exclude rsync's exclude patterns
     * @param rsyncTransport {@code ssh}; anything else means anonymous
     * @param sourceTreePath the source as rsync takes it, without a slash at its end; null when left out
     */
    record Sync(List<String> exclude, String rsyncTransport, String sourceTreePath) {
        /** Copies the excludes. */
        public Sync {
            exclude = exclude == null ? List.of() : List.copyOf(exclude);
            rsyncTransport = Objects.requireNonNullElse(rsyncTransport, "anonymous");
        }
    }

    /**
     * The object {@code distributed_test} that our originators add to their job definitions.
     *
     * @param protocolVersion version of these additions, {@link GorgonCodec#PROTOCOL_VERSION}
     * @param runId the run's id
     * @param cluster the cluster of the run, null for the one without a name; the run's {@code finish_run},
     *     {@code cancel_run} and {@code originator_heartbeat} come through the native jobs exchange of this cluster
     * @param project name of the project
     * @param heartbeatSeconds how often a listener shows that it is alive
     * @param silenceSeconds after how long without a sign of life a peer counts as gone
     * @param fileTimeoutSeconds timeout of each file
     * @param environment environment variables for runners and callbacks
     * @param sync the sync with its tree digest; null means Gorgon's {@link Sync} is all there is
     * @param runners which runner takes which file
     * @param commands a command per callback, by the callback's name
     * @param files how many files the suite has
     */
    record Extension(
            int protocolVersion,
            String runId,
            String cluster,
            String project,
            double heartbeatSeconds,
            double silenceSeconds,
            double fileTimeoutSeconds,
            Map<String, String> environment,
            SyncSpec sync,
            RunnerSettings runners,
            Map<String, List<String>> commands,
            int files) {
        /** Copies the maps and replaces null by empty. */
        public Extension {
            Objects.requireNonNull(runId, "runId");
            environment = environment == null ? Map.of() : Map.copyOf(environment);
            commands = commands == null ? Map.of() : Map.copyOf(commands);
            runners = runners == null ? RunnerSettings.DEFAULT : runners;
        }
    }

    /**
     * Asks every listener to answer with a {@link PingResponse}.
     *
     * @param replyExchangeName where to
     */
    record Ping(String replyExchangeName) implements GorgonMessage {
        /** Checks that the name is there. */
        public Ping {
            Objects.requireNonNull(replyExchangeName, "replyExchangeName");
        }
    }

    /**
     * Asks every listener to run a command of RubyGems. We send none, and answer none by running it (it is a shell
     * injection by design).
     *
     * @param replyExchangeName where answers go
     * @param gemCommand the arguments of {@code gem}
     */
    record GemCommand(String replyExchangeName, String gemCommand) implements GorgonMessage {}

    /** To {@code gorgon.worker_managers}: every job of every cluster is to stop. */
    record CancelJob() implements GorgonMessage {}

    // ---- to every originator of a cluster, through gorgon.originators

    /**
     * A listener has come.
     *
     * @param listenerQueueName its job queue
     */
    record Announcement(String listenerQueueName) implements GorgonMessage {
        /** Checks that the name is there. */
        public Announcement {
            Objects.requireNonNull(listenerQueueName, "listenerQueueName");
        }
    }

    // ---- to the originator of a run, through its reply exchange

    /**
     * What our listeners add to {@link Start} and {@link Finish}.
     *
     * @param listener the listener's id
     * @param slot the worker's slot
     * @param lease the lease, from the file message's header
     * @param result the whole result; null in a start
     */
    record Ours(String listener, int slot, int lease, FileResult result) {
        /** Checks that the listener is there. */
        public Ours {
            Objects.requireNonNull(listener, "listener");
        }
    }

    /**
     * A worker begins a file. Must come before its {@link Finish}.
     *
     * @param hostname the worker's host
     * @param workerId the worker's number on its listener; a number on the wire when it is one
     * @param filename the file
     * @param ours our additions; null from a Ruby listener
     */
    record Start(String hostname, String workerId, String filename, Ours ours) implements GorgonMessage {
        /** Checks that all is there. */
        public Start {
            Objects.requireNonNull(hostname, "hostname");
            Objects.requireNonNull(workerId, "workerId");
            Objects.requireNonNull(filename, "filename");
        }
    }

    /**
     * A worker has ended a file. Never a second time for the same start: a Ruby originator counts these.
     *
     * @param hostname the worker's host
     * @param workerId the worker's number on its listener
     * @param filename the file
     * @param runtime seconds that the tests took
     * @param failures the failures; empty when it passed
     * @param type {@code pass}, {@code fail}, or {@code crash} (the file raised outside of a test)
     * @param runner {@code rspec} or {@code test_unit}; null with {@code crash}
     * @param time seconds that the file took
     * @param ours our additions; null from a Ruby listener
     */
    record Finish(
            String hostname,
            String workerId,
            String filename,
            double runtime,
            List<Failure> failures,
            String type,
            String runner,
            double time,
            Ours ours)
            implements GorgonMessage {
        /** Copies the failures and checks that the rest is there. */
        public Finish {
            Objects.requireNonNull(hostname, "hostname");
            Objects.requireNonNull(workerId, "workerId");
            Objects.requireNonNull(filename, "filename");
            Objects.requireNonNull(type, "type");
            failures = List.copyOf(failures);
        }
    }

    /** One failure in a {@link Finish}. */
    sealed interface Failure {
        /**
         * A failure as test-unit's runner and a crash have it: one text.
         *
         * @param text the text
         */
        record Text(String text) implements Failure {
            /** Checks that the text is there. */
            public Text {
                Objects.requireNonNull(text, "text");
            }
        }

        /**
         * A failure as RSpec's runner has it.
         *
         * @param testName full description and line
         * @param description description of the example
         * @param fullDescription description with that of its groups
         * @param filePath file of the example
         * @param lineNumber line of the example; 0 if unknown
         * @param exceptionClass the exception's class ({@code class} on the wire)
         * @param message the exception's message
         * @param location the backtrace
         */
        record Example(
                String testName,
                String description,
                String fullDescription,
                String filePath,
                int lineNumber,
                String exceptionClass,
                String message,
                List<String> location)
                implements Failure {
            /** Replaces nulls by empty. */
            public Example {
                testName = Objects.requireNonNullElse(testName, "");
                description = Objects.requireNonNullElse(description, "");
                fullDescription = Objects.requireNonNullElse(fullDescription, "");
                filePath = Objects.requireNonNullElse(filePath, "");
                exceptionClass = Objects.requireNonNullElse(exceptionClass, "");
                message = Objects.requireNonNullElse(message, "");
                location = location == null ? List.of() : List.copyOf(location);
            }
        }
    }

    /**
     * A worker, a worker manager or a pull has crashed on a host.
     *
     * @param hostname the host
     * @param stdout end of the standard output
     * @param stderr standard error
     */
    record Crash(String hostname, String stdout, String stderr) implements GorgonMessage {
        /** Checks the host and replaces nulls by empty. */
        public Crash {
            Objects.requireNonNull(hostname, "hostname");
            stdout = Objects.requireNonNullElse(stdout, "");
            stderr = Objects.requireNonNullElse(stderr, "");
        }
    }

    /**
     * A listener's {@code after_sync} raised; it takes no part in the job.
     *
     * @param hostname the host
     * @param message what happened
     * @param backtrace where
     */
    record Raised(String hostname, String message, String backtrace) implements GorgonMessage {
        /** Checks the host and replaces nulls by empty. */
        public Raised {
            Objects.requireNonNull(hostname, "hostname");
            message = Objects.requireNonNullElse(message, "");
            backtrace = Objects.requireNonNullElse(backtrace, "");
        }
    }

    /**
     * Answers a {@link Ping}.
     *
     * @param hostname the host
     * @param version the listener's version
     * @param workerSlots its slots
     * @param listener the listener's id, our addition; null from a Ruby listener
     */
    record PingResponse(String hostname, String version, int workerSlots, String listener) implements GorgonMessage {
        /** Checks the host and replaces null by empty. */
        public PingResponse {
            Objects.requireNonNull(hostname, "hostname");
            version = Objects.requireNonNullElse(version, "");
        }
    }

    /**
     * Answers a {@link GemCommand} twice: when it begins and when it has ended.
     *
     * @param type {@code running_command}, {@code command_completed} or {@code command_failed}
     * @param hostname the host
     * @param command the command; null with {@code running_command}
     * @param stdout its standard output; null with {@code running_command}
     * @param stderr its standard error; null with {@code running_command}
     */
    record CommandState(String type, String hostname, String command, String stdout, String stderr)
            implements GorgonMessage {
        /** Checks that type and host are there. */
        public CommandState {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(hostname, "hostname");
        }
    }

    /**
     * A native message between peers of ours that travels through Gorgon's entities.
     *
     * @param message the message
     */
    record Native(NativeMessage message) implements GorgonMessage {
        /** Checks that the message is there. */
        public Native {
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * A well-formed message of a kind that we do not know; to be logged and ignored.
     *
     * @param kind its {@code type} or {@code action}, cut when long; empty if it has neither
     */
    record Unknown(String kind) implements GorgonMessage {}
}
