package io.jenkins.plugins.distributedtest.jenkins.broker;

import hudson.FilePath;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates to trust are in a file of the controller: nodes that connect to the broker get a copy. */
public final class CertificateCopy {
    private CertificateCopy() {}

    /**
     * A broker's address for a node.
     *
     * @param address the broker, as the controller knows it
     * @param copy where the copy goes, on the node; written only if there are certificates
     */
    public static BrokerAddress at(BrokerAddress address, FilePath copy) throws IOException, InterruptedException {
        Tls tls = address.tls();
        if (tls == null || tls.caFile() == null) {
            return address;
        }
        copy.write(Files.readString(tls.caFile()), "UTF-8");
        return address.withTls(
                new Tls(Path.of(copy.getRemote()), tls.certificateFile(), tls.keyFile(), tls.fingerprint()));
    }
}
