# frozen_string_literal: true

module DistributedTest
  # Tests that a file defines for another framework than that of its runner: which one a file belongs to is decided by
  # what it defines when it is loaded, not by its name. They run with their own framework, after the file's other tests.
  # What a library that the file loads defines is none of its tests.
  class Guests
    NAMES = {
      'rspec' => ['distributed_test_rspec', :RSpecAdapter, -> { defined?(RSpec::Core::World) }],
      'minitest' => ['distributed_test_minitest', :MinitestAdapter, -> { defined?(Minitest::Runnable) }],
      'test-unit' => ['distributed_test_test_unit', :TestUnitAdapter, -> { defined?(Test::Unit::TestCase) }]
    }.freeze

    # @param host the name of the runner's own framework
    def initialize(host)
      @others = NAMES.reject { |name, _| name == host }
      @adapters = {}
    end

    # Runs what was defined for other frameworks since the last call.
    def run(path, recorder)
      @others.each do |name, (_, _, loaded)|
        next unless loaded.call

        adapter = adapter(name)
        adapter.run_defined(path, recorder) if adapter.defined_tests?(path)
      end
    end

    # Forgets what was defined until now, such as base classes of helpers.
    def forget
      @others.each { |name, (_, _, loaded)| adapter(name).forget_defined if loaded.call }
    end

    private

    def adapter(name)
      @adapters[name] ||= begin
        file, type = @others.fetch(name)
        require_relative file
        DistributedTest.const_get(type).new.tap(&:adopt)
      end
    end
  end
end
