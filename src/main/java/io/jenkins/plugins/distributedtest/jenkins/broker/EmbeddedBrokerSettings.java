package io.jenkins.plugins.distributedtest.jenkins.broker;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** How the controller runs the broker that it brings along. That there are such settings says that it does. */
public class EmbeddedBrokerSettings extends AbstractDescribableImpl<EmbeddedBrokerSettings> {
    /** Reached from the controller's own host only. */
    public static final String LOOPBACK = "127.0.0.1";

    private String bindAddress = LOOPBACK;
    private int port;
    private String publicHost;

    /** At the loopback address and any free port. */
    @DataBoundConstructor
    public EmbeddedBrokerSettings() {
        // Everything has a setter.
    }

    /** The address it listens at; {@code 0.0.0.0} for all. */
    public String getBindAddress() {
        return bindAddress;
    }

    /** Says the address it listens at; null or empty for the loopback address. */
    @DataBoundSetter
    public void setBindAddress(String bindAddress) {
        String value = Util.fixEmptyAndTrim(bindAddress);
        this.bindAddress = value == null ? LOOPBACK : value;
    }

    /** The port; 0 for any free one, which it then keeps. */
    public int getPort() {
        return port;
    }

    /** Says the port; 0 for any free one. */
    @DataBoundSetter
    public void setPort(int port) {
        this.port = port;
    }

    /** Name or address by which agents reach it; null for the one in Jenkins' own URL. */
    public String getPublicHost() {
        return publicHost;
    }

    /** Says the name or address by which agents reach it; null or empty for the one in Jenkins' own URL. */
    @DataBoundSetter
    public void setPublicHost(String publicHost) {
        this.publicHost = Util.fixEmptyAndTrim(publicHost);
    }

    /** Whether only the controller's own host can reach it; false if the address is unknown. */
    public boolean loopbackOnly() {
        try {
            return InetAddress.getByName(bindAddress).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * The command that runs it; its password comes over standard input.
     *
     * @param username who can log in
     * @param directory where it keeps its certificate
     */
    List<String> command(String username, Path directory) throws IOException {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-jar",
                CliJar.file().toString(),
                "broker",
                "--host=" + bindAddress,
                "--port=" + port,
                loopbackOnly() ? "--no-tls" : "--tls",
                "--user=" + username,
                "--data-dir=" + directory,
                "--password-stdin",
                "--json",
                "--until-stdin-closes");
    }

    /** The host by which agents reach it, once it has said where it is. */
    String reachedBy(BrokerEndpoint where) {
        if (loopbackOnly()) {
            return bindAddress;
        }
        if (publicHost != null) {
            return publicHost;
        }
        if (!BrokerEndpoint.fromTheSameHost(bindAddress).equals(LOOPBACK)) {
            return bindAddress;
        }
        String own = Jenkins.get().getRootUrl();
        String host = own == null ? null : URI.create(own).getHost();
        return host == null ? where.host() : host;
    }

    /** How Jenkins knows of them. */
    @Extension
    public static class DescriptorImpl extends Descriptor<EmbeddedBrokerSettings> {
        @Override
        public String getDisplayName() {
            return "Embedded broker";
        }

        /** How the broker is just now, for the page. */
        public String getState() {
            return EmbeddedBrokerService.get().state();
        }

        /** Whether that is how it should be. */
        public boolean isAlarming() {
            return EmbeddedBrokerService.get().isAlarming();
        }

        /** Checks the address, and says who can reach it. */
        @POST
        public FormValidation doCheckBindAddress(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.MANAGE);
            String address = Util.fixEmptyAndTrim(value);
            try {
                InetAddress parsed = InetAddress.getByName(address == null ? LOOPBACK : address);
                return FormValidation.ok(
                        parsed.isLoopbackAddress()
                                ? "Only processes on the controller's own host reach it. For agents on other hosts say 0.0.0.0,"
                                        + " or an address of this host."
                                : "Other hosts reach it. It encrypts connections, with a certificate of its own.");
            } catch (UnknownHostException e) {
                return FormValidation.error("Not an address of this host: " + address);
            }
        }

        /** Checks the port. */
        @POST
        public FormValidation doCheckPort(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.MANAGE);
            String port = Util.fixEmptyAndTrim(value);
            if (port == null || port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535) {
                return FormValidation.ok();
            }
            return FormValidation.error("Not a port: " + port + "; it is from 1 to 65535, or 0 for any free one");
        }
    }
}
