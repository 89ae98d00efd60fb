package io.jenkins.plugins.distributedtest.jenkins.executors;

import io.jenkins.plugins.distributedtest.originator.RunLoad;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which executors a run is to have: a state machine without input or output of its own. Every input carries its time in
 * seconds, never running backwards, and returns what is to be done. One thread calls it.
 *
 * <p>The story: every {@link #tick} compares what there is to do in the run with the executors that it has or has asked
 * for. {@link CrewDemand} says how many could help; what is missing is asked for, what waits in vain is withdrawn, and an
 * executor that has come goes back as soon as no file is left for it. One that ends by itself was lost, if its listener
 * had taken part; otherwise it could not serve, and after a few of those in a row no other is asked for.
 */
final class CrewPlan {
    /** So many in a row that could not serve are enough. */
    static final int FAILURES = 3;
    /** A listener that was started and has not taken part by then does not reach the broker. */
    static final double COMING = 120;
    /** One that takes no part for so long any more gives its executor back. */
    static final double ABSENT = 15;

    /** Reasons that begin alike are of one kind. */
    private static final int KIND = 20;

    private final List<SeatRequest> requests;
    private final int[] failures;
    /** Executors that somebody has taken away: so many fewer are asked for. */
    private final int[] takenAway;

    private final Supplier<String> ids;
    private final CrewDemand demand;
    private final Map<Integer, Seat> seats = new LinkedHashMap<>();
    private int numbers;
    private List<CrewAct> acts = new ArrayList<>();
    /** Which kinds of reasons have been told. */
    private final Set<String> said = new HashSet<>();

    /**
     * @param requests what the step asks for
     * @param ids new ids for listeners
     */
    CrewPlan(List<SeatRequest> requests, Supplier<String> ids) {
        this.requests = List.copyOf(requests);
        this.failures = new int[requests.size()];
        this.takenAway = new int[requests.size()];
        this.ids = ids;
        this.demand = new CrewDemand(requests);
    }

    /**
     * Time has passed, or a file has ended.
     *
     * @param load what there is to do
     * @param localSlots how many slots the step's own listener has; 0 if there is none
     */
    List<CrewAct> tick(double now, RunLoad load, int localSlots) {
        for (Seat seat : List.copyOf(seats.values())) {
            look(now, seat, load);
        }
        if (load.queued().isEmpty()) {
            for (Seat seat : List.copyOf(seats.values())) {
                giveBack(now, seat, load);
            }
        } else {
            adjust(now, load, localSlots);
        }
        return take();
    }

    private void look(double now, Seat seat, RunLoad load) {
        if (seat.phase != Seat.Phase.SERVING) {
            return;
        }
        see(now, seat, load);
        if (load.listeners().contains(seat.listener)) {
            seat.absent = Double.NaN;
        } else if (seat.joined) {
            absent(now, seat);
        } else if (now - seat.since > COMING) {
            release(now, seat);
            failed(seat, "its listener has not reached the broker within " + Math.round(COMING) + " s");
        }
    }

    /** Notes what its listener has done until now. */
    private void see(double now, Seat seat, RunLoad load) {
        if (load.running().containsKey(seat.listener)) {
            seat.worked = true;
            failures[seat.entry] = 0;
        }
        if (load.listeners().contains(seat.listener) && !seat.joined) {
            seat.joined = true;
            demand.came(now - seat.asked);
        }
    }

    /** A listener that has refused (a callback failed, say) stays away; one that was not heard for a while comes back. */
    private void absent(double now, Seat seat) {
        if (Double.isNaN(seat.absent)) {
            seat.absent = now;
        } else if (now - seat.absent > ABSENT) {
            release(now, seat);
            failed(seat, "its listener takes no part any more");
        }
    }

    /** No file is queued: one that runs none has nothing to do any more. */
    private void giveBack(double now, Seat seat, RunLoad load) {
        if (seat.phase == Seat.Phase.WAITING) {
            withdraw(seat);
        } else if (seat.phase != Seat.Phase.LEAVING && !load.running().containsKey(seat.listener)) {
            release(now, seat);
        }
    }

    private void adjust(double now, RunLoad load, int localSlots) {
        CrewDemand.Wanted wanted = demand.wanted(load, localSlots, seats.values());
        for (int entry = 0; entry < requests.size(); entry++) {
            int most = requests.get(entry).count() - takenAway[entry];
            int want = failures[entry] >= FAILURES ? 0 : Math.min(most, wanted.counts()[entry]);
            List<Seat> have = having(entry);
            if (have.size() < want) {
                ask(now, entry, want - have.size());
            }
            for (int i = have.size() - 1; i >= 0 && i >= want; i--) {
                if (have.get(i).phase == Seat.Phase.WAITING) {
                    withdraw(have.get(i));
                }
            }
        }
        if (!wanted.reason().isEmpty() && said.add(wanted.reason().substring(0, KIND))) {
            say(wanted.reason());
        }
    }

    private List<Seat> having(int entry) {
        return seats.values().stream()
                .filter(seat -> seat.entry == entry && seat.phase != Seat.Phase.LEAVING)
                .toList();
    }

    private void ask(double now, int entry, int count) {
        SeatRequest request = requests.get(entry);
        boolean first = numbers == 0 || seats.values().stream().noneMatch(seat -> seat.entry == entry);
        say("Asking for " + (count == 1 ? (first ? "an executor" : "another executor") : count + " executors") + " "
                + request.words()
                + (request.slots() > 0 ? ", " + request.slots() + (request.slots() == 1 ? " slot" : " slots") : "")
                + (count > 1 && request.slots() > 0 ? " each" : ""));
        for (int i = 0; i < count; i++) {
            Seat seat = new Seat(++numbers, entry, ids.get(), now);
            seats.put(seat.number, seat);
            acts.add(new CrewAct.Ask(seat.number, request, seat.listener));
        }
    }

    private void withdraw(Seat seat) {
        seats.remove(seat.number);
        acts.add(new CrewAct.Withdraw(seat.number));
    }

    private void release(double now, Seat seat) {
        seat.enter(Seat.Phase.LEAVING, now);
        acts.add(new CrewAct.Release(seat.number));
    }

    /** An executor has come. */
    List<CrewAct> came(double now, int number, String place) {
        Seat seat = seats.get(number);
        if (seat != null && seat.phase == Seat.Phase.WAITING) {
            seat.enter(Seat.Phase.STARTING, now);
            seat.place = place;
        }
        return take();
    }

    /** An executor's listener has been started. */
    List<CrewAct> serves(double now, int number) {
        Seat seat = seats.get(number);
        if (seat != null && seat.phase == Seat.Phase.STARTING) {
            seat.enter(Seat.Phase.SERVING, now);
        }
        return take();
    }

    /**
     * An executor has ended, or could not be used.
     *
     * @param load what there is to do: its listener may have taken part since the last tick
     * @param why for people
     */
    List<CrewAct> over(double now, int number, RunLoad load, String why) {
        Seat seat = seats.remove(number);
        if (seat == null || seat.phase == Seat.Phase.LEAVING) {
            return take();
        }
        see(now, seat, load);
        if (seat.joined) {
            acts.add(new CrewAct.Gone(seat.listener, why));
            say("The executor on " + seat.place + " is lost: " + why + ". What it ran goes to others.");
            if (!seat.worked) {
                count(seat.entry);
            }
        } else {
            failed(seat, why);
        }
        return take();
    }

    private void failed(Seat seat, String why) {
        say("An executor " + requests.get(seat.entry).words() + (seat.place == null ? "" : " (" + seat.place + ")")
                + " cannot run tests: " + why);
        count(seat.entry);
    }

    private void count(int entry) {
        failures[entry]++;
        if (failures[entry] == FAILURES) {
            say("That was so " + FAILURES + " times in a row: no other executor "
                    + requests.get(entry).words() + " is asked for.");
        }
    }

    /** Somebody has taken an executor away, or its place in the queue: no other is asked for in its place. */
    List<CrewAct> takenAway(double now, int number) {
        Seat seat = seats.get(number);
        if (seat != null && seat.phase != Seat.Phase.LEAVING) {
            takenAway[seat.entry]++;
            say("An executor " + requests.get(seat.entry).words()
                    + " was cancelled: no other is asked for in its place.");
            if (seat.phase == Seat.Phase.WAITING) {
                seats.remove(number);
            } else {
                release(now, seat);
            }
        }
        return take();
    }

    /** The run is over. */
    List<CrewAct> end(double now) {
        for (Seat seat : List.copyOf(seats.values())) {
            if (seat.phase == Seat.Phase.WAITING) {
                withdraw(seat);
            } else if (seat.phase != Seat.Phase.LEAVING) {
                release(now, seat);
            }
        }
        return take();
    }

    private void say(String line) {
        acts.add(new CrewAct.Say(line));
    }

    private List<CrewAct> take() {
        List<CrewAct> taken = acts;
        acts = new ArrayList<>();
        return taken;
    }

    /** Whether an executor that was asked for can still be expected to take part. */
    boolean isComing() {
        return seats.values().stream().anyMatch(Seat::isComing);
    }

    /** How many wait in the queue. */
    int waiting() {
        return (int) seats.values().stream()
                .filter(seat -> seat.phase == Seat.Phase.WAITING)
                .count();
    }

    /** How many have come and serve. */
    int serving() {
        return (int) seats.values().stream()
                .filter(seat -> seat.phase == Seat.Phase.SERVING && seat.joined)
                .count();
    }
}
