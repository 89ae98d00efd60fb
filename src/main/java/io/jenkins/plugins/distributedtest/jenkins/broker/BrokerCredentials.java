package io.jenkins.plugins.distributedtest.jenkins.broker;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.HostnameRequirement;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;

/** Finds the login of a broker: a user name with password that the system may use. */
final class BrokerCredentials {
    private BrokerCredentials() {}

    /**
     * The credentials of this id.
     *
     * @param id their id
     * @param location where they are to be used
     * @throws BrokerException if there are none that may be used there; names the id
     */
    static StandardUsernamePasswordCredentials find(String id, BrokerLocation location) throws BrokerException {
        StandardUsernamePasswordCredentials found = CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(
                        StandardUsernamePasswordCredentials.class, Jenkins.get(), ACL.SYSTEM2, requirements(location)),
                CredentialsMatchers.withId(id));
        if (found == null) {
            throw new BrokerException("There are no credentials \"" + id + "\" of the kind \"Username with password\""
                    + " that the system may use" + (location.hostName() == null ? "" : " for " + location.hostName())
                    + "; add them in Manage Jenkins › Credentials, in the global store");
        }
        return found;
    }

    /**
     * What a form offers.
     *
     * @param current the id that is set; null or empty for none
     * @param location where they are to be used
     * @return all that fit, for those who may configure; otherwise just the one that is set
     */
    static ListBoxModel items(String current, BrokerLocation location) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!Jenkins.get().hasPermission(Jenkins.MANAGE)) {
            items.includeCurrentValue(current);
            return items;
        }
        items.includeEmptyValue();
        items.includeMatchingAs(
                ACL.SYSTEM2,
                Jenkins.get(),
                StandardUsernamePasswordCredentials.class,
                requirements(location),
                CredentialsMatchers.always());
        items.includeCurrentValue(current);
        return items;
    }

    /** What credentials that are restricted to some hosts must match. */
    static List<DomainRequirement> requirements(BrokerLocation location) {
        String host = location.hostName();
        return host == null ? List.of() : List.of(new HostnameRequirement(host));
    }
}
