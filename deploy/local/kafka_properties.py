"""The broker's settings, the same for a process of our own and for a container."""

from deploy.kafka.credentials import Credentials

_LOGIN = "org.apache.kafka.common.security"
_TEMPLATE = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=CLIENT://{bind}:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=CLIENT://{host}:{port}
listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENT
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
sasl.mechanism.controller.protocol=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.client.scram-sha-512.sasl.jaas.config={login}.scram.ScramLoginModule required \
username="{admin}" password="{admin_password}";
listener.name.controller.plain.sasl.jaas.config={login}.plain.PlainLoginModule required \
username="{controller}" password="{controller_password}" user_{controller}="{controller_password}";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{admin};User:{controller}
allow.everyone.if.no.acl.found=false
auto.create.topics.enable=false
log.dirs={data}
num.partitions=12
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=800
log.index.size.max.bytes=1048576
num.recovery.threads.per.data.dir=2
"""


def render(
    *,
    data: str,
    port: int,
    controller_port: int,
    admin: Credentials,
    controller: Credentials,
    bind: str,
    host: str = "127.0.0.1",
) -> str:
    """server.properties of one node that is broker and controller.

    Clients log in by SCRAM. The controller's listener is on loopback only and takes nobody but the node
    itself: by PLAIN, because SCRAM users are kept in the very log that it must reach first. A node that was
    killed may come back only when its old session has ended, hence the short one.
    """
    return _TEMPLATE.format(
        login=_LOGIN,
        bind=bind,
        host=host,
        port=port,
        controller_port=controller_port,
        data=data,
        admin=admin.user,
        admin_password=admin.password,
        controller=controller.user,
        controller_password=controller.password,
    )
