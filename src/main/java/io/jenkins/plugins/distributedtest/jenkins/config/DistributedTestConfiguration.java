package io.jenkins.plugins.distributedtest.jenkins.config;

import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.security.Permission;
import hudson.util.Secret;
import io.jenkins.plugins.distributedtest.config.EditDistance;
import io.jenkins.plugins.distributedtest.jenkins.broker.Broker;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerDirectory;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerException;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerSettings;
import io.jenkins.plugins.distributedtest.jenkins.broker.ResolvedBroker;
import io.jenkins.plugins.distributedtest.jenkins.form.FormChecks;
import io.jenkins.plugins.distributedtest.jenkins.listeners.AgentListener;
import io.jenkins.plugins.distributedtest.jenkins.listeners.AgentListenerPlans;
import io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntry;
import io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServers;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** What an administrator says once for all jobs: <em>Manage Jenkins › System › Distributed tests</em>. */
@Extension
@Symbol("distributedTest")
public class DistributedTestConfiguration extends GlobalConfiguration
        implements BrokerDirectory, AgentListenerPlans, GearmanServers {
    private static final int PASSWORD_BYTES = 24;

    // XStream writes and reads array lists, not the immutable ones.
    private List<Broker> brokers = new ArrayList<>();
    private StepDefaults defaults = new StepDefaults();
    /** Null unless the controller runs a broker itself. */
    private EmbeddedBrokerSettings embeddedBroker;
    /** Generated when it is needed first; null until then. */
    private Secret embeddedBrokerPassword;

    private List<AgentListener> agentListeners = new ArrayList<>();
    private List<GearmanServerEntry> gearmanServers = new ArrayList<>();

    /** Reads what was saved. */
    public DistributedTestConfiguration() {
        load();
    }

    /** The one of this Jenkins. */
    public static DistributedTestConfiguration get() {
        return ExtensionList.lookupSingleton(DistributedTestConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return "Distributed tests";
    }

    @Override
    public Permission getRequiredGlobalConfigPagePermission() {
        return Jenkins.MANAGE;
    }

    @Override
    public List<Broker> getBrokers() {
        return Collections.unmodifiableList(brokers);
    }

    /**
     * Says the brokers and saves them; null for none.
     *
     * @throws IllegalArgumentException if one has no name, or two have the same
     */
    @DataBoundSetter
    public void setBrokers(List<Broker> brokers) {
        checkNames(brokers == null ? List.of() : brokers);
        this.brokers = brokers == null ? new ArrayList<>() : new ArrayList<>(brokers);
        save();
    }

    private static void checkNames(List<Broker> brokers) {
        Set<String> names = new HashSet<>();
        for (Broker each : brokers) {
            if (each.getName().isEmpty()) {
                throw new IllegalArgumentException("A broker has no name: give it one, by which steps can choose it");
            }
            if (!names.add(each.getName())) {
                throw new IllegalArgumentException(
                        "Two brokers are called \"" + each.getName() + "\": give one of them another name");
            }
        }
    }

    /**
     * Takes a submitted form over. What a form does not say is empty in it, and empty afterwards; if something is
     * wrong, everything stays as it was.
     */
    @Override
    public boolean configure(StaplerRequest2 request, JSONObject form) throws FormException {
        List<Broker> brokersBefore = brokers;
        StepDefaults defaultsBefore = defaults;
        EmbeddedBrokerSettings embeddedBefore = embeddedBroker;
        List<AgentListener> listenersBefore = agentListeners;
        List<GearmanServerEntry> serversBefore = gearmanServers;
        try (BulkChange change = new BulkChange(this)) {
            brokers = new ArrayList<>();
            defaults = new StepDefaults();
            request.bindJSON(this, form);
            // Not emptied beforehand: what runs would be stopped and started again.
            embeddedBroker = form.has("embeddedBroker") ? embeddedBroker : null;
            agentListeners = form.has("agentListeners") ? agentListeners : new ArrayList<>();
            gearmanServers = form.has("gearmanServers") ? gearmanServers : new ArrayList<>();
            change.commit();
            return true;
        } catch (IOException | RuntimeException e) {
            brokers = brokersBefore;
            defaults = defaultsBefore;
            embeddedBroker = embeddedBefore;
            agentListeners = listenersBefore;
            gearmanServers = serversBefore;
            throw new FormException(FormChecks.rootMessage(e), e, "brokers");
        }
    }

    /** The Gearman servers whose jobs are served; never null. */
    @Override
    public List<GearmanServerEntry> getGearmanServers() {
        return gearmanServers == null ? List.of() : Collections.unmodifiableList(gearmanServers);
    }

    /**
     * Says the Gearman servers and saves them; null for none.
     *
     * @throws IllegalArgumentException if one has no host, or does not say which jobs; tells what to enter
     */
    @DataBoundSetter
    public void setGearmanServers(List<GearmanServerEntry> gearmanServers) {
        if (gearmanServers != null) {
            gearmanServers.forEach(GearmanServerEntry::check);
        }
        this.gearmanServers = gearmanServers == null ? new ArrayList<>() : new ArrayList<>(gearmanServers);
        save();
    }

    /** What steps do that do not say otherwise; never null. */
    public StepDefaults getDefaults() {
        return defaults;
    }

    /** Says what steps do that do not say otherwise, and saves it; null for what the engine does. */
    @DataBoundSetter
    public void setDefaults(StepDefaults defaults) {
        this.defaults = defaults == null ? new StepDefaults() : defaults;
        save();
    }

    @Override
    public ResolvedBroker resolve(String name) throws BrokerException {
        String wanted = Util.fixEmptyAndTrim(name);
        Optional<ResolvedBroker> embedded = embedded();
        if (wanted == null) {
            if (!brokers.isEmpty()) {
                return brokers.get(0).resolve();
            }
            return embedded.orElseThrow(this::none);
        }
        Optional<Broker> found = broker(wanted);
        if (found.isPresent()) {
            return found.get().resolve();
        }
        return embedded.filter(each -> each.displayName().equals(wanted)).orElseThrow(() -> unknown(wanted, embedded));
    }

    private BrokerException none() {
        return new BrokerException(
                embeddedBroker == null
                        ? "No broker is configured: an administrator can add one in Manage Jenkins › System ›"
                                + " Distributed tests, or have the controller run one there"
                        : "The broker that the controller runs is not up yet: "
                                + EmbeddedBrokerService.get().state());
    }

    private BrokerException unknown(String wanted, Optional<ResolvedBroker> embedded) {
        List<String> names = names(embedded);
        String nearest = EditDistance.nearest(wanted, names);
        return new BrokerException("There is no broker \"" + wanted + "\". "
                + (nearest == null
                        ? "None is configured: an administrator can add one in Manage Jenkins › System › Distributed tests"
                        : "Did you mean \"" + nearest + "\"? Configured are " + String.join(", ", names)));
    }

    @Override
    public List<String> brokerNames() {
        return names(embedded());
    }

    private List<String> names(Optional<ResolvedBroker> embedded) {
        List<String> names = new ArrayList<>();
        brokers.forEach(each -> names.add(each.getName()));
        embedded.ifPresent(each -> names.add(each.displayName()));
        return names;
    }

    /** The broker that this controller runs itself; empty if it runs none. */
    Optional<ResolvedBroker> embedded() {
        return EmbeddedBrokerService.get().forController();
    }

    @Override
    public EmbeddedBrokerSettings getEmbeddedBroker() {
        return embeddedBroker;
    }

    /** Says how the controller runs a broker itself, and saves it; null for not at all. */
    @DataBoundSetter
    public void setEmbeddedBroker(EmbeddedBrokerSettings embeddedBroker) {
        this.embeddedBroker = embeddedBroker;
        save();
    }

    @Override
    public synchronized String embeddedBrokerPassword() {
        if (embeddedBrokerPassword == null) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            embeddedBrokerPassword =
                    Secret.fromString(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            save();
        }
        return embeddedBrokerPassword.getPlainText();
    }

    @Override
    public List<AgentListener> getAgentListeners() {
        return Collections.unmodifiableList(agentListeners);
    }

    /**
     * Says the listeners that Jenkins runs on agents, and saves them; null for none.
     *
     * @throws IllegalArgumentException if one does not say on which agents
     */
    @DataBoundSetter
    public void setAgentListeners(List<AgentListener> agentListeners) {
        if (agentListeners != null
                && agentListeners.stream().anyMatch(each -> each.getLabel().isEmpty())) {
            throw new IllegalArgumentException(
                    "Listeners on agents have no label: say which agents, with a label such as"
                            + " linux or an expression of labels, or delete them");
        }
        this.agentListeners = agentListeners == null ? new ArrayList<>() : new ArrayList<>(agentListeners);
        save();
    }
}
