package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.jenkins.plugins.distributedtest.jenkins.broker.BrokerDirectory;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerService;
import io.jenkins.plugins.distributedtest.jenkins.broker.ResolvedBroker;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.originator.Ping;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/**
 * <em>Manage Jenkins › Test listeners</em>: who answers on each broker now. The page has the brokers asked and then looks
 * at what came of it; no request waits for a broker.
 */
@Extension
@Symbol("distributedTestListeners")
public class ListenersPage extends ManagementLink implements StaplerProxy {
    private static final Duration WAIT_FOR_ANSWERS = Duration.ofSeconds(2);
    private static final int MOST_THREADS = 4;
    private static final int MOST_WAITING = 200;
    private static final int IDLE_SECONDS = 10;

    private final BrokerWatch watch = new BrokerWatch(threads(), Clock.systemUTC());

    private static ThreadPoolExecutor threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                DaemonThreads.numbered("distributed-test-listeners-page"));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** A question to each broker of the configuration, which is looked up when it is asked. */
    private static Map<String, BrokerWatch.Question> questions() {
        BrokerDirectory configuration = BrokerDirectory.configured();
        Map<String, BrokerWatch.Question> questions = new LinkedHashMap<>();
        for (String name : configuration.brokerNames()) {
            questions.put(name, () -> {
                ResolvedBroker broker = configuration.resolve(name);
                return new BrokerWatch.Reply(
                        broker.address().toString(),
                        broker.cluster(),
                        Ping.ping(broker.address(), broker.cluster(), WAIT_FOR_ANSWERS));
            });
        }
        return questions;
    }

    /** Whether whoever looks may change the brokers. */
    public boolean isConfigurable() {
        return Jenkins.get().hasPermission(Jenkins.MANAGE);
    }

    /**
     * What is known of the brokers now. Read-only, so a plain GET.
     *
     * @param request any
     * @param response gets the JSON of {@link BrokerViews}
     * @throws IOException if writing fails
     */
    @GET
    public void doData(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkAnyPermission(Jenkins.SYSTEM_READ, Jenkins.MANAGE);
        answer(response);
    }

    /**
     * Has the brokers asked that were not asked just now, and tells what is known.
     *
     * @param request any
     * @param response gets the JSON of {@link BrokerViews}
     * @throws IOException if writing fails
     */
    @POST
    public void doRefresh(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkAnyPermission(Jenkins.SYSTEM_READ, Jenkins.MANAGE);
        watch.refresh(questions());
        answer(response);
    }

    /** The listeners that Jenkins runs itself, and how to start others. */
    public AgentListenerView getOwn() {
        AgentListeners.get().lookedAt();
        return new AgentListenerView();
    }

    /**
     * The address of the broker that the controller runs, with its password, as a file for {@code --broker-file}.
     *
     * @param response gets the file; 404 if there is no such broker
     * @throws IOException if writing fails
     */
    @POST
    public void doBrokerUri(StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Optional<ResolvedBroker> broker = EmbeddedBrokerService.get().forAgents();
        if (broker.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "The controller runs no broker");
            return;
        }
        response.setContentType("application/octet-stream");
        response.setHeader("Content-Disposition", "attachment; filename=broker.uri");
        response.setHeader("Cache-Control", "no-store");
        byte[] line = (broker.get().address().toSecretUri() + "\n").getBytes(StandardCharsets.UTF_8);
        response.getOutputStream().write(line);
    }

    private void answer(StaplerResponse2 response) throws IOException {
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        BrokerViews.write(watch.view(), ListenersPage::agent, Clock.systemUTC().instant(), response.getOutputStream());
    }

    private static BrokerViews.Agent agent(String listener) {
        Computer computer = AgentListeners.get().agentOf(listener);
        return computer == null
                ? null
                : new BrokerViews.Agent(computer.getDisplayName(), computer.getUrl() + AgentListenersAction.URL + "/");
    }

    /** Whoever may see how Jenkins is configured sees the page. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkAnyPermission(Jenkins.SYSTEM_READ, Jenkins.MANAGE);
        return this;
    }

    @Override
    public String getIconFileName() {
        return "symbol-distributed-listeners plugin-distributed-test";
    }

    @Override
    public String getDisplayName() {
        return "Test listeners";
    }

    @Override
    public String getDescription() {
        return "Who runs distributed tests: the listeners that answer on each broker, their slots and how busy they are.";
    }

    @Override
    public String getUrlName() {
        return "distributed-test-listeners";
    }

    @Override
    public Permission getRequiredPermission() {
        // Whoever may configure all of it may see it, too; only one permission can be told.
        return Jenkins.get().hasPermission(Jenkins.MANAGE) ? Jenkins.MANAGE : Jenkins.SYSTEM_READ;
    }

    @Override
    public Category getCategory() {
        return Category.STATUS;
    }
}
