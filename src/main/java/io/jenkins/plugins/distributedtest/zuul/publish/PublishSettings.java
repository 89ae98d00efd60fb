package io.jenkins.plugins.distributedtest.zuul.publish;

import java.net.URI;
import java.nio.file.Path;

/** Where logs are published, and at which address people find them. */
public sealed interface PublishSettings {
    /** What is prepended to a job's log path to make its address; null if nobody serves the logs. */
    String url();

    /** Nowhere: they stay in the working directory. */
    record None() implements PublishSettings {
        @Override
        public String url() {
            return null;
        }
    }

    /**
     * A directory of this host.
     *
     * @param directory the directory
     * @param url see {@link PublishSettings#url}
     */
    record Local(Path directory, String url) implements PublishSettings {}

    /**
     * Another host, over ssh.
     *
     * @param program {@code rsync} or {@code scp}
     * @param remote the host
     * @param path the directory there
     * @param url see {@link PublishSettings#url}
     */
    record Ssh(String program, Remote remote, String path, String url) implements PublishSettings {}

    /**
     * A host that ssh connects to.
     *
     * @param host the host, or a name of ssh's configuration
     * @param user the user; null for ssh's own choice
     * @param port the port; 0 for ssh's own choice
     * @param keyFile the key; null for ssh's own choice
     * @param configFile ssh's configuration; null for the user's own
     */
    record Remote(String host, String user, int port, Path keyFile, Path configFile) {}

    /**
     * Object storage that speaks S3.
     *
     * @param endpoint its address, without the bucket
     * @param region its region
     * @param bucket the bucket
     * @param prefix what the names of objects begin with; possibly empty
     * @param accessKey the access key
     * @param secretKey the secret key
     * @param url see {@link PublishSettings#url}
     */
    record S3(URI endpoint, String region, String bucket, String prefix, String accessKey, String secretKey, String url)
            implements PublishSettings {
        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "S3 " + endpoint + " " + bucket;
        }
    }

    /**
     * Object storage that speaks Swift, with a login at Keystone.
     *
     * @param keystone the login
     * @param region the region; null for the first that is offered
     * @param container the container
     * @param prefix what the names of objects begin with; possibly empty
     * @param url see {@link PublishSettings#url}
     */
    record Swift(Keystone keystone, String region, String container, String prefix, String url)
            implements PublishSettings {}

    /**
     * A login at Keystone, version 2 or 3 by the last part of the address.
     *
     * @param authUrl Keystone's address, which ends in {@code /v2.0} or {@code /v3}
     * @param tenant the tenant (project)
     * @param user the user
     * @param password the password
     * @param domain the domain of user and project in version 3
     */
    record Keystone(URI authUrl, String tenant, String user, String password, String domain) {
        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Keystone " + authUrl;
        }
    }
}
