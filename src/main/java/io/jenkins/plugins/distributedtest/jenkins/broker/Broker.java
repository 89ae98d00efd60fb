package io.jenkins.plugins.distributedtest.jenkins.broker;

import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.jenkins.form.FormChecks;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** One AMQP broker that an administrator has named, so that a step can say {@code broker: 'NAME'}. */
public class Broker extends AbstractDescribableImpl<Broker> {
    private final String name;
    private String uri;
    private String host;
    private Integer port;
    private String virtualHost;
    private boolean tls;
    private String caFile;
    private String fingerprint;
    private String credentialsId;
    private String cluster;

    /**
     * A broker of this name.
     *
     * @param name what steps call it
     */
    @DataBoundConstructor
    public Broker(String name) {
        this.name = Util.fixNull(name).strip();
    }

    /** What steps call it; empty if nothing was typed. */
    public String getName() {
        return name;
    }

    /** Where it is, as {@code amqp://host:port/vhost} or {@code amqps://…}; null if the host is given instead. */
    public String getUri() {
        return uri;
    }

    /**
     * Says where it is, all in one.
     *
     * @param uri null or empty for none
     * @throws IllegalArgumentException if it holds a user name or a password, which belong into credentials
     */
    @DataBoundSetter
    public void setUri(String uri) {
        String value = Util.fixEmptyAndTrim(uri);
        if (value != null) {
            try {
                BrokerLocation.checkNoLogin(value);
            } catch (BrokerException e) {
                throw new IllegalArgumentException(e.getMessage());
            }
        }
        this.uri = value;
    }

    /** Host name or address; null if the URI is given. */
    public String getHost() {
        return host;
    }

    /** Says the host; null or empty for none. */
    @DataBoundSetter
    public void setHost(String host) {
        this.host = Util.fixEmptyAndTrim(host);
    }

    /** Port; null for the usual one. */
    public Integer getPort() {
        return port;
    }

    /** Says the port; null or 0 for the usual one, 5672, or 5671 with TLS. */
    @DataBoundSetter
    public void setPort(Integer port) {
        this.port = port == null || port == 0 ? null : port;
    }

    /** Virtual host; null for {@code /}. */
    public String getVirtualHost() {
        return virtualHost;
    }

    /** Says the virtual host; null or empty for {@code /}. */
    @DataBoundSetter
    public void setVirtualHost(String virtualHost) {
        this.virtualHost = Util.fixEmptyAndTrim(virtualHost);
    }

    /** Whether to use TLS with a host; a URI says it with its scheme. */
    public boolean isTls() {
        return tls;
    }

    /** Says whether to use TLS with a host. */
    @DataBoundSetter
    public void setTls(boolean tls) {
        this.tls = tls;
    }

    /** PEM file on the controller of the certificates to trust; null for the platform's. */
    public String getCaFile() {
        return caFile;
    }

    /** Says which certificates to trust; null or empty for the platform's. */
    @DataBoundSetter
    public void setCaFile(String caFile) {
        this.caFile = Util.fixEmptyAndTrim(caFile);
    }

    /** SHA-256 of the one server certificate to trust, in hex; null for none. */
    public String getFingerprint() {
        return fingerprint;
    }

    /** Says the one server certificate to trust; null or empty for none. */
    @DataBoundSetter
    public void setFingerprint(String fingerprint) {
        this.fingerprint = Util.fixEmptyAndTrim(fingerprint);
    }

    /** Id of the credentials with user name and password; null for RabbitMQ's {@code guest}. */
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Says which credentials; null or empty for RabbitMQ's {@code guest}, who may only log in from its own host. */
    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** The cluster whose listeners are asked; null for the one without a name. */
    public String getCluster() {
        return cluster;
    }

    /** Says the cluster; null or empty for the one without a name. */
    @DataBoundSetter
    public void setCluster(String cluster) {
        this.cluster = Util.fixEmptyAndTrim(cluster);
    }

    BrokerLocation location() {
        return new BrokerLocation(uri, host, port == null ? 0 : port, virtualHost, tls, caFile, fingerprint);
    }

    /**
     * The broker with its login, looked up now as the system.
     *
     * @throws BrokerException if the address is not one, or the credentials are not there; names the broker
     */
    public ResolvedBroker resolve() throws BrokerException {
        try {
            return new ResolvedBroker(address(), cluster, name);
        } catch (BrokerException e) {
            throw new BrokerException("Broker \"" + name + "\": " + e.getMessage());
        }
    }

    private BrokerAddress address() throws BrokerException {
        if (credentialsId == null) {
            return location().address("guest", "guest");
        }
        StandardUsernamePasswordCredentials login = BrokerCredentials.find(credentialsId, location());
        return location().address(login.getUsername(), login.getPassword().getPlainText());
    }

    /** How Jenkins knows of brokers, and its form's fields. */
    @Extension
    public static class DescriptorImpl extends Descriptor<Broker> {
        @Override
        public String getDisplayName() {
            return "Broker";
        }

        /** Whether it is a broker's URI, and the only place that says where it is. Nothing is wrong before it is typed. */
        @POST
        public FormValidation doCheckUri(@QueryParameter String value, @QueryParameter("host") String host) {
            return FormChecks.check(() -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    new BrokerLocation(value.strip(), Util.fixEmptyAndTrim(host), 0, null, false, null, null).check();
                }
            });
        }

        /** Whether it is a host's name, and the only place that says where the broker is. */
        @POST
        public FormValidation doCheckHost(@QueryParameter String value, @QueryParameter("uri") String uri) {
            return FormChecks.check(() -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    new BrokerLocation(Util.fixEmptyAndTrim(uri), value.strip(), 0, null, false, null, null).check();
                }
            });
        }

        /** Whether it is a port. */
        @POST
        public FormValidation doCheckPort(@QueryParameter String value) {
            return FormChecks.check(() -> BrokerLocation.checkPort(Util.fixEmptyAndTrim(value)));
        }

        /** Whether it is the fingerprint of a certificate. */
        @POST
        public FormValidation doCheckFingerprint(@QueryParameter String value) {
            return FormChecks.check(() -> BrokerLocation.checkFingerprint(Util.fixEmptyAndTrim(value)));
        }

        /** Whether there are such credentials. */
        @POST
        public FormValidation doCheckCredentialsId(
                @QueryParameter String value, @QueryParameter("uri") String uri, @QueryParameter("host") String host) {
            return FormChecks.check(() -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    BrokerLocation where = new BrokerLocation(
                            Util.fixEmptyAndTrim(uri), Util.fixEmptyAndTrim(host), 0, null, false, null, null);
                    BrokerCredentials.find(value.strip(), where);
                }
            });
        }

        /** The credentials that can be used, for those who may configure; for others just the one that is set. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @QueryParameter String credentialsId,
                @QueryParameter("uri") String uri,
                @QueryParameter("host") String host) {
            BrokerLocation where = new BrokerLocation(
                    Util.fixEmptyAndTrim(uri), Util.fixEmptyAndTrim(host), 0, null, false, null, null);
            return BrokerCredentials.items(credentialsId, where);
        }

        /** Connects, asks who listens, and says who answered. It takes 2 s, and at most half a minute. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter("uri") String uri,
                @QueryParameter("host") String host,
                @QueryParameter("port") String port,
                @QueryParameter("virtualHost") String virtualHost,
                @QueryParameter("tls") boolean tls,
                @QueryParameter("caFile") String caFile,
                @QueryParameter("fingerprint") String fingerprint,
                @QueryParameter("credentialsId") String credentialsId,
                @QueryParameter("cluster") String cluster) {
            return FormChecks.answer(() -> {
                BrokerLocation.checkPort(Util.fixEmptyAndTrim(port));
                Broker broker = new Broker("as typed");
                broker.uri = Util.fixEmptyAndTrim(uri);
                broker.setHost(host);
                broker.setPort(Util.fixEmptyAndTrim(port) == null ? null : Integer.valueOf(port.strip()));
                broker.setVirtualHost(virtualHost);
                broker.setTls(tls);
                broker.setCaFile(caFile);
                broker.setFingerprint(fingerprint);
                broker.setCredentialsId(credentialsId);
                ConnectionTest test = ConnectionTest.of(broker.address(), Util.fixEmptyAndTrim(cluster));
                return test.isListening() ? FormValidation.ok(test.message()) : FormValidation.warning(test.message());
            });
        }
    }
}
